import { CEILINGS } from "./ceilings.ts";
import { CUSTOM_PATTERN, VARIABLE } from "./capability/capability-pattern.ts";
import { LONGEST_TARGET, parseTargetPattern, TARGET_PATTERN } from "./capability/network-target.ts";
import { LONGEST_PATTERN, parsePathPattern, PATH_PATTERN, PROGRAM_PATH } from "./capability/path-pattern.ts";
import { PUBLIC_KEY, SIGNATURE } from "./approval/key-text.ts";
import { SEMANTIC_VERSION } from "./approval/semantic-version.ts";
import type { Manifest } from "./manifest.ts";
import { COMPONENT_NAME, COMPONENT_PATTERN, TOPIC_PATTERN } from "./messaging-pattern.ts";
import type { TableOf, TextFormat } from "./schema.ts";

const name: TextFormat = {
  expected: "a name such as order-parser (a to z first, then a to z, 0 to 9 and single dashes, at most 64 characters)",
  matches: COMPONENT_NAME,
  maxLength: 64,
};

const version: TextFormat = {
  expected: "a semantic version such as 1.2.0",
  matches: SEMANTIC_VERSION,
  maxLength: 128,
};

// No part may end in a dot or a space: that covers `.` and `..`, and what Windows would turn into them.
const artifact: TextFormat = {
  expected: "a path inside the manifest's folder such as build/order-parser.wasm",
  matches: /^(?:(?![^/]*[. ](?:\/|$))[^/\\:*?"<>|\p{Cc}]+(?:\/(?!$)|$))+$/u,
  maxLength: 512,
};

const line: TextFormat = {
  expected: "a string of one line, at most 1000 characters",
  matches: /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u,
  maxLength: 1000,
};

const url: TextFormat = {
  expected: "an address such as https://example.com/order-parser",
  matches: /^(?:https?|ssh|git):\/\/[^\s\p{Cc}]+$/u,
  maxLength: 1000,
};

const componentPattern: TextFormat = {
  expected: "a component pattern such as shop/order-parser or shop/*",
  matches: COMPONENT_PATTERN,
  maxLength: 129,
};

const topicPattern: TextFormat = {
  expected: "a topic pattern such as orders.created, orders.* or orders.#",
  matches: TOPIC_PATTERN,
  maxLength: 256,
};

const pathPattern: TextFormat = {
  expected: "a path pattern such as /data/in/** (absolute, with * and ? and [abc] within a segment, ** as one)",
  matches: PATH_PATTERN,
  maxLength: LONGEST_PATTERN,
  accepts: (text) => parsePathPattern(text) !== undefined,
};

const program: TextFormat = {
  expected: "the absolute path of a program such as /usr/bin/convert",
  matches: PROGRAM_PATH,
  maxLength: LONGEST_PATTERN,
  accepts: (text) => parsePathPattern(text) !== undefined,
};

const target: TextFormat = {
  expected: "a host and a port such as api.example.com:443 or *.example.com:443",
  matches: TARGET_PATTERN,
  maxLength: LONGEST_TARGET,
  accepts: (text) => parseTargetPattern(text) !== undefined,
};

const variable: TextFormat = {
  expected: "the name of an environment variable such as LANG",
  matches: VARIABLE,
  maxLength: 256,
};

const hostFunction: TextFormat = {
  expected: "the name of a host function such as labels/print or labels/*",
  matches: CUSTOM_PATTERN,
  maxLength: 256,
};

const publicKey: TextFormat = {
  expected: "a key such as ed25519:… (43 characters of base64url)",
  matches: PUBLIC_KEY,
  maxLength: 51,
};

const signature: TextFormat = {
  expected: "a signature (86 characters of base64url)",
  matches: SIGNATURE,
  maxLength: 86,
};

const DAY_MS = 86_400_000;

/** Everything a manifest may hold. Parser, errors, defaults, printer and reference all read it from here. */
export const MANIFEST_SCHEMA: TableOf<Manifest> = {
  kind: "table",
  doc: "The manifest of one component.",
  fields: {
    component: {
      kind: "table",
      doc: "Who the component is and where its code lies.",
      fields: {
        name: { kind: "text", format: name, required: true, doc: "Its name; `namespace/name` is its id." },
        namespace: {
          kind: "text",
          format: name,
          default: "local",
          doc: "Groups components; the first half of the id.",
        },
        version: { kind: "text", format: version, required: true, doc: "Its version." },
        artifact: { kind: "text", format: artifact, required: true, doc: "Its code, relative to the manifest." },
        description: { kind: "text", format: line, default: "", doc: "What it does." },
        authors: { kind: "list", items: line, default: [], doc: "Who wrote it." },
        license: { kind: "text", format: line, doc: "SPDX expression of its license." },
        repository: { kind: "text", format: url, doc: "Where its source is." },
        homepage: { kind: "text", format: url, doc: "Where people read about it." },
      },
    },
    resources: {
      kind: "table",
      doc: "The most it may use.",
      fields: {
        memory: {
          kind: "table",
          doc: "Memory of one instance.",
          fields: {
            maxBytes: {
              kind: "integer",
              min: CEILINGS.memoryBytes.floor,
              max: CEILINGS.memoryBytes.usual,
              ceiling: "memoryBytes",
              required: true,
              doc: "Bytes of linear memory.",
            },
          },
        },
        cpu: {
          kind: "table",
          doc: "Computing time.",
          fields: {
            maxFuel: {
              kind: "integer",
              min: CEILINGS.fuel.floor,
              max: CEILINGS.fuel.usual,
              ceiling: "fuel",
              required: true,
              doc: "Fuel for each message handled.",
            },
            timeoutMs: {
              kind: "integer",
              min: CEILINGS.timeoutMs.floor,
              max: CEILINGS.timeoutMs.usual,
              ceiling: "timeoutMs",
              required: true,
              doc: "Wall clock for each message handled, calls into the host included.",
            },
          },
        },
      },
    },
    capabilities: {
      kind: "table",
      doc: "What it asks to be granted; what is not here it cannot do.",
      fields: {
        filesystem: {
          kind: "table",
          doc: "Which files it may use.",
          fields: {
            read: { kind: "list", items: pathPattern, default: [], doc: "Files it may read." },
            write: { kind: "list", items: pathPattern, default: [], doc: "Files it may create and change." },
            delete: { kind: "list", items: pathPattern, default: [], doc: "Files and folders it may delete." },
            list: { kind: "list", items: pathPattern, default: [], doc: "Folders it may list." },
          },
        },
        network: {
          kind: "table",
          doc: "Whom it may connect to, and who to it.",
          fields: {
            outbound: {
              kind: "list",
              items: target,
              default: [],
              doc: "Hosts it may connect to; a name that leads to an internal address needs that address too.",
            },
            inbound: { kind: "ports", default: [], doc: "Ports it may listen on." },
          },
        },
        messaging: {
          kind: "table",
          doc: "Whom it may talk to.",
          fields: {
            send: { kind: "list", items: componentPattern, default: [], doc: "Components it may send to and ask." },
            publish: { kind: "list", items: topicPattern, default: [], doc: "Topics it may publish to." },
            subscribe: { kind: "list", items: topicPattern, default: [], doc: "Topics it may subscribe to." },
            receiveFrom: {
              kind: "list",
              items: componentPattern,
              default: [],
              doc: "Components it takes direct messages from; topics it subscribes to are open to every publisher.",
            },
          },
        },
        storage: {
          kind: "table",
          doc: "What it may keep.",
          fields: {
            namespaces: {
              kind: "list",
              items: name,
              default: [],
              doc: "Namespaces of the store, its own: no other component reaches them.",
            },
          },
        },
        process: {
          kind: "table",
          doc: "What it may start.",
          fields: { spawn: { kind: "list", items: program, default: [], doc: "Programs it may start." } },
        },
        environment: {
          kind: "table",
          doc: "What it may know of the host's environment.",
          fields: {
            variables: { kind: "list", items: variable, default: [], doc: "Environment variables it may read." },
          },
        },
        custom: {
          kind: "table",
          doc: "What an application adds.",
          fields: {
            functions: { kind: "list", items: hostFunction, default: [], doc: "Host functions of the application." },
          },
        },
      },
    },
    quotas: {
      kind: "table",
      doc: "How much it may do in a time.",
      fields: {
        messagesPerSecond: {
          kind: "rate",
          measure: "count",
          tomlKey: "message_rate",
          min: 1,
          max: 1_000_000,
          default: 1000,
          doc: "Messages it may send, publish and ask in a second.",
        },
        storageBytes: {
          kind: "size",
          tomlKey: "storage",
          min: CEILINGS.storageBytes.floor,
          max: CEILINGS.storageBytes.usual,
          ceiling: "storageBytes",
          default: 104_857_600,
          doc: "Bytes of keys and values in all of its namespaces together.",
        },
        networkBytesPerSecond: {
          kind: "rate",
          measure: "bytes",
          tomlKey: "network",
          min: 1,
          max: 1_000_000_000_000,
          default: 10_000_000,
          doc: "Bytes it may send in a second, and as many that it may receive.",
        },
        cpuMsPerSecond: {
          kind: "rate",
          measure: "milliseconds",
          tomlKey: "cpu",
          min: 1,
          max: 1_000_000,
          default: 1000,
          doc: "Computing time in a second, over all its instances.",
        },
        memoryBytes: {
          kind: "size",
          tomlKey: "memory",
          min: CEILINGS.memoryBytes.floor,
          max: 1_099_511_627_776,
          default: 256_000_000,
          doc: "Bytes of memory of all its instances together.",
        },
      },
    },
    supervision: {
      kind: "table",
      doc: "What its supervisor does when it fails.",
      fields: {
        restart: {
          kind: "choice",
          choices: ["permanent", "transient", "temporary"],
          default: "permanent",
          doc: "Comes back always, after an error only, or never.",
        },
        maxRestarts: { kind: "integer", min: 0, max: 1000, default: 3, doc: "Restarts allowed within `within_ms`." },
        withinMs: { kind: "integer", min: 1, max: DAY_MS, default: 60_000, doc: "The window restarts are counted in." },
        backoff: {
          kind: "table",
          doc: "The pause before a restart.",
          orderings: [{ lesser: "minMs", relation: "at most", greater: "maxMs" }],
          fields: {
            minMs: { kind: "integer", min: 1, max: DAY_MS, default: 100, doc: "The first pause." },
            maxMs: { kind: "integer", min: 1, max: DAY_MS, default: 30_000, doc: "The longest pause." },
            factor: {
              kind: "number",
              min: 1,
              max: 100,
              default: 2,
              doc: "How much longer each pause is than the last.",
            },
            jitter: { kind: "number", min: 0, max: 1, default: 0.2, doc: "Share of a pause that is random." },
          },
        },
        shutdownMs: { kind: "integer", min: 0, max: DAY_MS, default: 5000, doc: "Time to stop before it is killed." },
        snapshotEvery: {
          kind: "integer",
          min: 0,
          max: 1_000_000,
          default: 0,
          doc: "Messages between two snapshots, from the last of which it goes on after a crash; 0 has it start afresh.",
        },
        health: {
          kind: "table",
          doc: "How it is asked whether it is well.",
          orderings: [{ lesser: "timeoutMs", relation: "below", greater: "intervalMs" }],
          fields: {
            intervalMs: { kind: "integer", min: 1, max: DAY_MS, default: 10_000, doc: "Time between two checks." },
            timeoutMs: { kind: "integer", min: 1, max: DAY_MS, default: 1000, doc: "Time to answer one check." },
            failureThreshold: {
              kind: "integer",
              min: 1,
              max: 1000,
              default: 3,
              doc: "Failed checks in a row that count as a failure.",
            },
          },
        },
      },
    },
    deployment: {
      kind: "table",
      doc: "How a new version takes over.",
      fields: {
        strategy: {
          kind: "choice",
          choices: ["stop-start", "blue-green", "canary", "rolling"],
          default: "blue-green",
          doc: "How a new version takes the place of the old one.",
        },
      },
    },
    security: {
      kind: "table",
      doc: "Who vouches for it.",
      together: ["publicKey", "signature"],
      fields: {
        publicKey: { kind: "text", format: publicKey, doc: "Key that the component is signed with." },
        signature: {
          kind: "text",
          format: signature,
          doc: "Signature over digest, id, version and capabilities.",
        },
      },
    },
    config: { kind: "config", default: [], doc: "Anything; handed to the component's `init`." },
  },
};
