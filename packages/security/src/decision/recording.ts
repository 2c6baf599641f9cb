import type { Capability } from "../capability/capability.ts";
import { resourceOf, rightOf } from "../capability/capability.ts";
import { formatAddress, isInternal, parseAddress } from "../capability/network-address.ts";
import type { Capabilities, Manifest } from "../manifest.ts";
import type { DecisionMade } from "./access-control.ts";

export interface RecordingOptions {
  /** More files than this that were used in the same way in one folder become all files of the folder; never unless given. */
  readonly filesPerFolder?: number;
  /** The most things that are remembered of one component: 10,000 unless given. */
  readonly most?: number;
}

/** No pattern of a manifest is that long. */
const LONGEST = 5000;

/** A name in a path that would say more than itself in a pattern: each sign for itself, or for any one sign where it has no other way. */
const PATTERN_SIGNS = /[*?[\]]/g;

/**
 * What components were found to need: the smallest capabilities that would have allowed all that was granted to them, whether their manifests
 * ask for it or a mode that refuses nothing let it pass. What is always refused is not among it.
 */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #seen = new Map<string, Map<string, Capability>>();
  #isComplete = true;

  constructor(options: RecordingOptions = {}) {
    this.#options = options;
  }

  /** False when there was more, or something longer, than is remembered. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Takes a decision: to be told of each, as `onDecision`. */
  readonly record = ({ component, capability, decision }: DecisionMade): void => {
    if (decision !== "granted") return;
    const seen = this.#seen.get(component) ?? new Map<string, Capability>();
    this.#seen.set(component, seen);
    for (const each of needsOf(capability)) {
      const key = `${rightOf(each)} ${resourceOf(each)}`;
      if (seen.has(key)) continue;
      if (seen.size >= (this.#options.most ?? 10_000) || key.length > LONGEST) this.#isComplete = false;
      else seen.set(key, Object.freeze({ ...each }));
    }
  };

  /** What a component, `namespace/name`, needs; nothing when it did nothing. In the order of their names. */
  capabilities(component: string): Capabilities {
    const seen = [...(this.#seen.get(component)?.values() ?? [])];
    const resources = (kind: Capability["kind"], action?: string): readonly string[] =>
      seen
        .filter((each) => each.kind === kind && (action === undefined || ("action" in each && each.action === action)))
        .map((each) => resourceOf(each))
        .toSorted();
    const files = (action: string): readonly string[] => this.#folded(resources("file", action));
    return {
      filesystem: { read: files("read"), write: files("write"), delete: files("delete"), list: files("list") },
      network: {
        outbound: resources("connect"),
        inbound: resources("listen").map(Number),
      },
      messaging: {
        send: resources("messaging", "send"),
        publish: resources("messaging", "publish"),
        subscribe: resources("messaging", "subscribe"),
        receiveFrom: resources("messaging", "receive-from"),
      },
      storage: { namespaces: resources("storage") },
      process: { spawn: resources("spawn") },
      environment: { variables: resources("environment") },
      custom: { functions: resources("custom") },
    };
  }

  /** The manifest with just these capabilities: to be printed as a Component.toml. A signature would be of others, and is left out. */
  manifestFor(manifest: Manifest): Manifest {
    const { namespace, name } = manifest.component;
    return { ...manifest, capabilities: this.capabilities(`${namespace}/${name}`), security: {} };
  }

  #folded(paths: readonly string[]): readonly string[] {
    const most = this.#options.filesPerFolder ?? Infinity;
    const byFolder = Map.groupBy(paths, (path) => path.slice(0, path.lastIndexOf("/")));
    const folded = [...byFolder].flatMap(([folder, files]) => (files.length > most ? [`${folder}/*`] : files));
    return folded.toSorted();
  }
}

/** As grants, what was asked for. A name that leads to an address inside needs that as well. */
function needsOf(capability: Capability): readonly Capability[] {
  if (capability.kind === "file") return [{ ...capability, path: capability.path.replaceAll(PATTERN_SIGNS, asItself) }];
  if (capability.kind !== "connect") return [capability];
  const { target, address } = capability;
  const parsed = address === undefined ? undefined : parseAddress(address);
  if (parsed === undefined || parsed === "unclear" || !isInternal(parsed)) return [{ kind: "connect", target }];
  const plain = formatAddress(parsed);
  const port = target.slice(target.lastIndexOf(":"));
  return [
    { kind: "connect", target },
    { kind: "connect", target: `${plain.includes(":") && !plain.startsWith("[") ? `[${plain}]` : plain}${port}` },
  ];
}

function asItself(sign: string): string {
  return sign === "*" || sign === "?" ? `[${sign}]` : "?";
}
