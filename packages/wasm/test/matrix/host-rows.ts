/* oxlint-disable vitest/no-standalone-expect -- a row is proved in the test of it, in matrix.proof.test.ts */
// What a component calls: a row for each function of the host and each case of it.
import { expect } from "vitest";
import { script, textOf } from "../stage.ts";
import { ask, calls, type Row } from "./scene.ts";

const id = "test/mirror@1.0.0";

const logging: readonly Row[] = ["trace", "debug", "info", "warn", "error"].map((level) => ({
  function: "logging.log",
  shows: [`level ${level}`],
  prove: async (scene) => {
    const mirror = await scene.mirror();
    expect(await ask(mirror, `logging.log|${level}|žluť|voltage=230,phase=`)).toBe("returned");
    expect(await ask(mirror, `logging.log|${level}|bare|`)).toBe("returned");
    const fields = [
      ["voltage", "230"],
      ["phase", ""],
    ];
    expect(scene.stage.lines).toMatchObject([
      { component: "test/mirror", level, message: "žluť", fields },
      { component: "test/mirror", level, message: "bare", fields: [] },
    ]);
  },
}));

const clock: readonly Row[] = [
  {
    function: "clock.now",
    shows: ["returns"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      expect(await ask(mirror, "clock.now")).toBe("1700000000000000000");
      await scene.stage.clock.advance(1500.25);
      expect(await ask(mirror, "clock.now")).toBe("1700000001500250000");
    },
  },
  {
    function: "clock.monotonic",
    shows: ["returns"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      const before = BigInt(await ask(mirror, "clock.monotonic"));
      await scene.stage.clock.advance(1500.25);
      expect(BigInt(await ask(mirror, "clock.monotonic")) - before).toBe(1_500_250_000n);
    },
  },
  {
    function: "clock.sleep-millis",
    shows: ["returns"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      const asked = ask(mirror, "clock.sleep-millis|1500");
      await scene.stage.armed(1500);
      await scene.stage.clock.advance(1500);
      expect(await asked).toBe("returned");
    },
  },
];

const sending: readonly Row[] = [
  {
    function: "messaging.send",
    shows: ["returns ok"],
    prove: async (scene) => {
      const listener = scene.probe("listener");
      expect(await ask(await scene.mirror(), "messaging.send|test/listener|žluť")).toBe("ok");
      expect(textOf(await listener.next())).toBe("žluť");
    },
  },
  calls(
    "messaging.send",
    ["returns err: not-permitted", "returns err: component-not-found", "returns err: unsupported-codec"],
    [
      ["messaging.send|shop/desk|x", "err not-permitted: test/mirror may not send to shop/desk"],
      ["messaging.send|test/nobody|x", "err component-not-found: nobody of that name is running"],
      ["messaging.send|test/echo|zeros 3", "err unsupported-codec: a payload begins with a multicodec prefix"],
    ],
  ),
  calls(
    "messaging.send",
    ["returns err: mailbox-full"],
    [["messaging.send|test/busy|x", "err mailbox-full: the receiver's mailbox is full"]],
  ),
  calls(
    "messaging.send",
    ["returns err: quota-exceeded"],
    [
      ["messaging.send|test/echo|x", "ok"],
      ["messaging.send|test/echo|x", "err quota-exceeded: faster than the message rate granted"],
    ],
    { messagesPerSecond: 1 },
  ),
  {
    function: "messaging.send",
    shows: ["returns err: payload-too-large"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      await scene.stage.spawn("small", { maxBytes: 524_288 });
      expect(await ask(mirror, "messaging.send|test/small|raw 65536")).toBe("ok");
      expect(await ask(mirror, "messaging.send|test/small|raw 65537")).toBe(
        "err payload-too-large: test/small has no room for 65537 bytes",
      );
    },
  },
  calls("messaging.publish", ["returns ok"], [["messaging.publish|news.today|x", "ok 0"]]),
  {
    function: "messaging.publish",
    shows: ["returns ok"],
    prove: async (scene) => {
      const listener = scene.probe("listener");
      scene.stage.system.broker.subscribe("news.*", listener.ref);
      expect(await ask(await scene.mirror(), "messaging.publish|news.today|rain")).toBe("ok 1");
      expect(textOf(await listener.next())).toBe("rain");
    },
  },
  calls(
    "messaging.publish",
    ["returns err: not-permitted", "returns err: send-failed"],
    [
      ["messaging.publish|orders|x", "err not-permitted: test/mirror may not publish to orders"],
      [`messaging.publish|${"n".repeat(257)}|x`, "err send-failed: a topic has at most 256 characters"],
    ],
  ),
  {
    function: "messaging.subscribe",
    shows: ["returns ok"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      expect(await ask(mirror, "messaging.subscribe|news.*")).toBe("ok");
      expect(scene.stage.system.broker.publish("news.today", script("rain"))).toBe(1);
    },
  },
  calls(
    "messaging.subscribe",
    ["returns err: not-permitted"],
    [["messaging.subscribe|#", "err not-permitted: test/mirror may not subscribe to #"]],
  ),
  calls(
    "messaging.unsubscribe",
    ["returns true", "returns false"],
    [
      ["messaging.unsubscribe|news.*", "false"],
      ["messaging.subscribe|news.*", "ok"],
      ["messaging.unsubscribe|news.*", "true"],
      ["messaging.unsubscribe|news.*", "false"],
    ],
  ),
  calls("messaging.self-id", ["returns"], [["messaging.self-id", id]]),
];

const asking: readonly Row[] = [
  {
    function: "messaging.request",
    shows: ["returns ok"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      expect(await ask(mirror, "messaging.request|test/echo|hello|1000")).toBe("ok request-1");
      await scene.settled();
      expect(await ask(mirror, "told")).toBe(`init ${id}\nhandle-callback request-1 ok hello`);
    },
  },
  calls(
    "messaging.request",
    ["returns err: not-permitted", "returns err: send-failed"],
    [
      ["messaging.request|shop/desk|x|1000", "err not-permitted: test/mirror may not send to shop/desk"],
      ["messaging.request|test/echo|x|0", "err send-failed: a request waits 1 to 300000 ms, not 0"],
      ["messaging.request|test/echo|x|300001", "err send-failed: a request waits 1 to 300000 ms, not 300001"],
    ],
  ),
  calls(
    "messaging.cancel-request",
    ["returns true", "returns false"],
    [
      ["messaging.request|test/silent|x|1000", "ok request-1"],
      ["messaging.cancel-request|request-1", "true"],
      ["messaging.cancel-request|request-1", "false"],
    ],
  ),
  ...(["ok", "err"] as const).map((outcome): Row => ({
    function: "messaging.reply",
    shows: [`outcome ${outcome}`, "returns ok", "returns err: send-failed"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      const asked = mirror
        .ask(script("messaging.defer-reply"), { timeoutMs: 60_000 })
        .then(textOf, (error: { answer: unknown }) => error.answer);
      const token = (await ask(mirror, "last")).replace(/^ok /, "");
      expect(await ask(mirror, `messaging.reply|${token}|${outcome}|in the end`)).toBe("ok");
      expect(await ask(mirror, `messaging.reply|${token}|${outcome}|again`)).toBe(
        "err send-failed: nobody waits for that reply",
      );
      expect(await asked).toEqual(outcome === "ok" ? "in the end" : { tag: "failed", val: "in the end" });
    },
  })),
  {
    function: "messaging.defer-reply",
    shows: ["returns ok", "returns err: send-failed"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      mirror.tell(script("messaging.defer-reply"));
      expect(await ask(mirror, "last")).toBe("err send-failed: there is no request at hand to put off");
      const asked = mirror.ask(script("messaging.defer-reply"), { timeoutMs: 60_000 }).then(textOf);
      const token = (await ask(mirror, "last")).replace(/^ok /, "");
      await ask(mirror, `messaging.reply|${token}|ok|here`);
      expect(await asked).toBe("here");
    },
  },
];

const looking: readonly Row[] = [
  calls(
    "configuration.get",
    ["returns some", "returns none"],
    [
      ["configuration.get|greeting", "some žluť"],
      ["configuration.get|limits.lines", "some 500"],
      ["configuration.get|limits", "none"],
      ["configuration.get|", "none"],
    ],
    { config: { greeting: "žluť", limits: { lines: 500 } } },
  ),
  {
    function: "directory.list-components",
    shows: ["returns"],
    prove: async (scene) => {
      const mirror = await scene.mirror({ messaging: { send: ["test/below"], receiveFrom: ["test/above"] } });
      expect(await ask(mirror, "directory.list-components")).toBe("");
      for (const name of ["below", "above", "beside"]) await scene.stage.install(name, { version: "2.0.0" });
      expect(await ask(mirror, "directory.list-components")).toBe("test/above@2.0.0,test/below@2.0.0");
    },
  },
  {
    function: "directory.get-component-metadata",
    shows: ["returns some", "returns none", "returns is-running true", "returns is-running false"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      const look = (): Promise<string> => ask(mirror, "directory.get-component-metadata|test/other");
      expect(await look()).toBe("none");
      const other = await scene.stage.start(await scene.stage.install("other", scene.casting()));
      const entry = "some test/other@1.0.0; Says what it is told; operations echo,fail; codecs 85,81";
      expect(await look()).toBe(`${entry}; is-running true`);
      await scene.stage.system.stop(other);
      expect(await look()).toBe(`${entry}; is-running false`);
    },
  },
  calls(
    "introspection.granted",
    ["returns"],
    [
      [
        "introspection.granted",
        "send test/*; publish news.#; subscribe news.#; receive-from test/*; outbound ; inbound ; " +
          "storage shelf,days; programs ; environment ",
      ],
    ],
  ),
  calls(
    "introspection.check",
    ["permission messaging", "permission storage", "returns granted"],
    [
      ["introspection.check|messaging|send|test/desk", "granted"],
      ["introspection.check|messaging|publish|news.today", "granted"],
      ["introspection.check|messaging|subscribe|news.today", "granted"],
      ["introspection.check|messaging|receive-from|test/desk", "granted"],
      ["introspection.check|storage|days", "granted"],
    ],
  ),
  calls(
    "introspection.check",
    [
      ...["file", "connect", "listen", "spawn", "environment", "storage", "messaging"].map(
        (permission) => `permission ${permission}`,
      ),
      "returns denied",
    ],
    [
      ...["read", "write", "delete", "list"].map((action) => [
        `introspection.check|file|${action}|/etc`,
        `denied Component.toml asks for no file.${action}`,
      ]),
      ["introspection.check|connect|example.com:443", "denied Component.toml asks for no connect"],
      ["introspection.check|listen|65535", "denied Component.toml asks for no listen"],
      ["introspection.check|spawn|/bin/true", "denied Component.toml asks for no spawn"],
      ["introspection.check|environment|HOME", "denied Component.toml asks for no environment"],
      ["introspection.check|storage|nights", expect.stringMatching(/^denied ./)],
      ["introspection.check|messaging|send|shop/desk", expect.stringMatching(/^denied .* of messaging\.send /)],
      ["introspection.check|messaging|publish|orders", expect.stringMatching(/^denied .* of messaging\.publish /)],
      ["introspection.check|messaging|subscribe|orders", expect.stringMatching(/^denied .* of messaging\.subscribe /)],
      [
        "introspection.check|messaging|receive-from|shop/desk",
        expect.stringMatching(/^denied .* of messaging\.receive-from /),
      ],
    ] as readonly (readonly [string, unknown])[],
  ),
];

const metrics: readonly Row[] = (
  [
    ["counter", { value: 2.5 }],
    ["gauge", { value: 1 }],
    ["histogram", { count: 2, sum: 2.5 }],
  ] as const
).map(([kind, shown]) => ({
  function: `metrics.${kind}`,
  shows: ["returns"],
  prove: async (scene) => {
    const mirror = await scene.mirror();
    for (const value of ["1.5", "1"]) {
      expect(await ask(mirror, `metrics.${kind}|orders|kind=book,shop=žluť|${value}`)).toBe("returned");
    }
    const labels = [
      ["kind", "book"],
      ["shop", "žluť"],
    ];
    expect(scene.stage.host.metrics.series()).toMatchObject([
      { component: "test/mirror", kind, name: "orders", labels, ...shown },
    ]);
  },
}));

const notGranted = "err not-permitted: no namespace nights was granted";
const emptyKey = "err invalid-key: a key is not empty";
const fullNamespace = "err quota-exceeded: the namespaces would hold more than their quota";

const storing: readonly Row[] = [
  calls(
    "storage.get",
    ["returns ok", "returns some", "returns none", "returns err: not-permitted", "returns err: invalid-key"],
    [
      ["storage.get|shelf|a", "ok none"],
      ["storage.set|shelf|a|žluť", "ok"],
      ["storage.get|shelf|a", "ok some žluť at 1"],
      ["storage.get|nights|a", notGranted],
      ["storage.get|shelf|", emptyKey],
    ],
  ),
  calls(
    "storage.set",
    [
      "returns ok",
      "returns err: not-permitted",
      "returns err: invalid-key",
      "returns err: quota-exceeded",
      "returns err: value-too-large",
    ],
    [
      // Ninety-nine bytes with the codec, and one of the key: the quota.
      [`storage.set|shelf|a|${"v".repeat(98)}`, "ok"],
      [`storage.set|shelf|a|${"v".repeat(99)}`, fullNamespace],
      ["storage.set|shelf|b|", fullNamespace],
      [`storage.get|shelf|a`, `ok some ${"v".repeat(98)} at 1`],
      ["storage.set|nights|a|x", notGranted],
      ["storage.set|shelf||x", emptyKey],
      ["storage.set|days|a|raw 524289", "err value-too-large: larger than this component may keep"],
    ],
  ),
  calls(
    "storage.delete",
    ["returns ok", "returns true", "returns false", "returns err: not-permitted", "returns err: invalid-key"],
    [
      ["storage.set|shelf|a|1", "ok"],
      ["storage.delete|shelf|a", "ok true"],
      ["storage.delete|shelf|a", "ok false"],
      ["storage.delete|nights|a", notGranted],
      ["storage.delete|shelf|", emptyKey],
    ],
  ),
  calls(
    "storage.exists",
    ["returns ok", "returns true", "returns false", "returns err: not-permitted", "returns err: invalid-key"],
    [
      ["storage.exists|shelf|a", "ok false"],
      ["storage.set|shelf|a|1", "ok"],
      ["storage.exists|shelf|a", "ok true"],
      ["storage.exists|nights|a", notGranted],
      ["storage.exists|shelf|", emptyKey],
    ],
  ),
  calls(
    "storage.compare-and-set",
    [
      "version some",
      "version none",
      "returns ok",
      "returns true",
      "returns false",
      "returns err: not-permitted",
      "returns err: quota-exceeded",
    ],
    [
      ["storage.compare-and-set|shelf|a|1|7", "ok false"],
      ["storage.compare-and-set|shelf|a|1|none", "ok true"],
      ["storage.compare-and-set|shelf|a|2|none", "ok false"],
      ["storage.compare-and-set|shelf|a|2|1", "ok true"],
      ["storage.compare-and-set|shelf|a|3|1", "ok false"],
      ["storage.get|shelf|a", "ok some 2 at 2"],
      ["storage.compare-and-set|nights|a|1|none", notGranted],
      [`storage.compare-and-set|shelf|a|${"v".repeat(99)}|2`, fullNamespace],
    ],
  ),
  calls(
    "storage.apply",
    ["changes set", "changes delete", "returns ok", "returns err: not-permitted", "returns err: quota-exceeded"],
    [
      ["storage.apply|shelf|a=1,b=2,c=3", "ok"],
      ["storage.apply|shelf|a,b=4,d=5", "ok"],
      ["storage.list-keys|shelf||none|10", "ok b,c,d then none"],
      [`storage.apply|shelf|b,e=${"v".repeat(99)}`, fullNamespace],
      ["storage.list-keys|shelf||none|10", "ok b,c,d then none"],
      ["storage.apply|nights|a=1", notGranted],
    ],
  ),
  {
    function: "storage.list-keys",
    shows: [
      "cursor some",
      "cursor none",
      "returns ok",
      "returns cursor some",
      "returns cursor none",
      "returns err: invalid-key",
      "returns err: not-permitted",
    ],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      await ask(mirror, "storage.apply|shelf|k1=1,k2=2,k3=3,x=4");
      const page = await ask(mirror, "storage.list-keys|shelf|k|none|2");
      const cursor = /^ok k1,k2 then some (.+)$/.exec(page)?.[1] ?? "none";
      expect(cursor).not.toBe("none");
      expect(await ask(mirror, `storage.list-keys|shelf|k|${cursor}|2`)).toBe("ok k3 then none");
      expect(await ask(mirror, "storage.list-keys|shelf|k|made up|2")).toMatch(/^err invalid-key: /);
      expect(await ask(mirror, "storage.list-keys|nights|k|none|2")).toBe(notGranted);
    },
  },
  calls(
    "storage.usage",
    ["returns ok", "returns err: not-permitted"],
    [
      ["storage.apply|shelf|a=12,b=3", "ok"],
      ["storage.usage|shelf", "ok 2 keys, 7 of 100 bytes"],
      ["storage.usage|days", "ok 0 keys, 0 of 100 bytes"],
      ["storage.usage|nights", notGranted],
    ],
  ),
  ...["get|shelf|a", "set|shelf|a|1", "delete|shelf|a", "exists|shelf|a", "usage|shelf"].map((call): Row => ({
    function: `storage.${call.split("|")[0] ?? ""}`,
    shows: ["returns err: unavailable"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      await scene.store.close();
      expect(await ask(mirror, `storage.${call}`)).toBe("err unavailable: the store cannot be used now");
    },
  })),
];

/** In the order of the WIT. */
export const hostRows: readonly Row[] = [
  ...logging,
  ...clock,
  ...sending,
  ...asking,
  ...looking,
  ...storing,
  ...metrics,
];
