import { VirtualClock } from "@airssys/testkit";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { testComponent, type ComponentBench, type TestComponentOptions } from "../../src/testing/index.ts";
import { jsonPayload, parseJsonPayload, type GuestLogLine } from "../../src/index.ts";
import { buildFolder } from "../guests.ts";
import { rejection, script, sourceOf, textOf, type Casting } from "../stage.ts";

interface Setting extends TestComponentOptions {
  readonly casting?: Casting;
}

const engine = { cacheDirectory: fileURLToPath(new URL("prepared/", buildFolder)) };

/** A puppet on a bench with a virtual clock. */
async function puppet({ casting = {}, ...options }: Setting = {}): Promise<{
  readonly bench: ComponentBench;
  readonly clock: VirtualClock;
}> {
  const clock = new VirtualClock({ wallTime: 5_000 });
  const bench = await testComponent(await sourceOf("puppet", casting), { clock, engine, ...options });
  onTestFinished(() => bench[Symbol.asyncDispose]().catch(() => undefined));
  return { bench, clock };
}

async function said(bench: ComponentBench, ...commands: readonly string[]): Promise<string> {
  return textOf(await bench.ask(script(...commands)));
}

const addressed = (messages: readonly { readonly to: string; readonly payload: Uint8Array }[]): unknown =>
  messages.map(({ to, payload }) => [to, textOf(payload)]);

describe("a message to a component on a bench", () => {
  it("is replied to", async () => {
    const { bench } = await puppet();
    expect(await said(bench, "say hello", "self")).toBe("hello\ntest/puppet@1.0.0");
    expect(await bench.ask(script("silence"))).toBeUndefined();
  });

  it("comes from whom the test says, with correlation and headers", async () => {
    const { bench } = await puppet();
    const options = { from: "demo/front", correlationId: "c-1", headers: { trace: "7" } };
    expect(textOf(await bench.ask(script("envelope"), options))).toBe(
      "demo/front@1.0.0 topic=none correlation=c-1 at=5.0 trace=7",
    );
    expect(await said(bench, "envelope")).toMatch(/^nobody topic=none correlation=\S+ at=5\.0$/);
  });

  it("has no correlation when nobody waits for a reply", async () => {
    const { bench } = await puppet();
    await bench.tell(script("envelope", "report seen"), { from: "demo/front" });
    expect(bench.published.map(({ topic, payload }) => [topic, textOf(payload)])).toEqual([
      ["seen", "demo/front@1.0.0 topic=none correlation=none at=5.0"],
    ]);
  });

  it("is not given to it from where its manifest does not receive", async () => {
    const { bench } = await puppet({ casting: { messaging: { send: ["shop/*"], receiveFrom: ["shop/*"] } } });
    expect(textOf(await bench.ask(script("say yes"), { from: "shop/till" }))).toBe("yes");
    const refused = await rejection(bench.ask(script("say yes"), { from: "demo/front" }));
    expect(refused).toMatchObject({ code: "WASM_BENCH_REJECTED", reason: "not-permitted" });
    expect(refused).toMatchObject({ message: expect.stringContaining("receives from shop/*, not from demo/front") });
    await expect(bench.tell(script("say yes"), { from: "demo/front" })).rejects.toMatchObject({
      reason: "not-permitted",
    });
  });

  it("comes from something that could be a component, also of several at once", async () => {
    const { bench } = await puppet();
    const both = ["1", "2"].map((word) => bench.ask(script(`say ${word}`), { from: "demo/front" }));
    expect((await Promise.all(both)).map(textOf)).toEqual(["1", "2"]);
    for (const from of ["front", "Demo/Front", "demo/front/desk", ""]) {
      await expect(bench.ask(script("say 1"), { from })).rejects.toMatchObject({ name: "ManifestError" });
    }
    expect(await said(bench, "say still here")).toBe("still here");
  });

  it("may be answered with an error, and the component lives on", async () => {
    const { bench } = await puppet();
    await expect(bench.ask(script("refuse-input nonsense"))).rejects.toMatchObject({
      code: "WASM_COMPONENT_REFUSED",
      answer: { tag: "invalid-input", val: "nonsense" },
    });
    await expect(bench.tell(script("refuse nonsense"))).rejects.toMatchObject({
      code: "WASM_BENCH_REJECTED",
      reason: "rejected",
    });
    expect(await said(bench, "say still here")).toBe("still here");
  });

  it("is answered later, when the component says so", async () => {
    const { bench } = await puppet();
    const later = bench.ask(script("defer"));
    await bench.tell(script("reply at last"));
    expect(textOf(await later)).toBe("at last");
  });
});

describe("an event on a topic", () => {
  it("reaches the component when it subscribes, and says so", async () => {
    const { bench } = await puppet({ casting: { config: { codecs: "", at_init: "subscribe orders.*" } } });
    expect(bench.subscriptions).toEqual(["orders.*"]);
    const event = script("envelope", "report seen");
    expect(await bench.publish("orders.new", event, { from: "shop/till" })).toBe(true);
    expect(await bench.publish("weather.new", event)).toBe(false);
    expect(bench.published.map(({ payload }) => textOf(payload))).toEqual([
      "shop/till@1.0.0 topic=orders.new correlation=none at=5.0",
    ]);
    await said(bench, "unsubscribe orders.*");
    expect(bench.subscriptions).toEqual([]);
    expect(await bench.publish("orders.new", event)).toBe(false);
  });
});

describe("what a component sends", () => {
  it("is kept in order, with whom it is for", async () => {
    const { bench } = await puppet();
    expect(await said(bench, "send demo/one 1", "send demo/two 2", "send demo/one 3")).toBe("ok\nok\nok");
    expect(addressed(bench.sent)).toEqual([
      ["demo/one", "1"],
      ["demo/two", "2"],
      ["demo/one", "3"],
    ]);
  });

  it("is kept only when it was accepted", async () => {
    const { bench } = await puppet({
      casting: { messaging: { send: ["demo/*"], publish: ["seen"] } },
      absent: ["demo/gone"],
    });
    expect(
      await said(bench, "send shop/one 1", "send demo/gone 2", "publish secret 3", "request demo/gone 9 4"),
    ).toMatch(/^not-permitted: .*\ncomponent-not-found: .*\nnot-permitted: .*\n\S+$/);
    expect([bench.sent, bench.published, bench.requests]).toEqual([[], [], []]);
    expect(await said(bench, "callbacks")).toMatch(/component-not-found/);
  });

  it("reaches it again when it sends to itself", async () => {
    const { bench } = await puppet();
    await said(bench, "send test/puppet remember me");
    expect(await said(bench, "recall")).toBe("me");
    expect(addressed(bench.sent)).toEqual([["test/puppet", "remember me"]]);
  });

  it("may go to whom its directory shows", async () => {
    const { bench } = await puppet({ peers: ["demo/one", "demo/two"] });
    expect(await said(bench, "components", "entry demo/one", "send demo/one 1")).toBe(
      "one two puppet\none@1.0.0   true\nok",
    );
  });
});

describe("a request of a component", () => {
  it("waits until the test replies", async () => {
    const { bench } = await puppet();
    await said(bench, "request demo/rates 1000 EUR");
    const [request] = bench.requests;
    expect(request).toMatchObject({ to: "demo/rates", timeoutMs: 1000, isOpen: true });
    expect(textOf(request?.payload)).toBe("EUR");
    expect(await said(bench, "callbacks")).toBe("none");
    await request?.reply(script("1.17"));
    expect(await said(bench, "callbacks")).toMatch(/reply 1\.17$/);
    expect(request?.isOpen).toBe(false);
  });

  it("may be refused", async () => {
    const { bench } = await puppet();
    await said(bench, "request demo/rates 1000 EUR");
    await bench.requests[0]?.refuse();
    expect(await said(bench, "callbacks")).toMatch(/send-failed/);
  });

  it("times out when the test lets its time pass, and cannot be answered then", async () => {
    const { bench, clock } = await puppet();
    await said(bench, "request demo/rates 1000 EUR");
    await clock.advance(1100);
    await bench.settled();
    expect(await said(bench, "callbacks")).toMatch(/timeout/);
    await expect(bench.requests[0]?.reply(script("late"))).rejects.toMatchObject({ code: "WASM_BENCH_REQUEST_ENDED" });
  });

  it("is answered once", async () => {
    const { bench } = await puppet();
    await said(bench, "request demo/rates 1000 EUR");
    await bench.requests[0]?.reply(script("1"));
    await expect(bench.requests[0]?.reply(script("2"))).rejects.toMatchObject({ code: "WASM_BENCH_REQUEST_ENDED" });
    expect(await said(bench, "callbacks")).toMatch(/reply 1$/);
  });

  it("tells of a callback that was answered with an error", async () => {
    const { bench } = await puppet({ casting: { config: { codecs: "", at_callback: "refuse no use" } } });
    await said(bench, "request demo/rates 1000 EUR");
    await expect(bench.requests[0]?.reply(script("1"))).rejects.toMatchObject({ code: "WASM_BENCH_REJECTED" });
  });
});

describe("a component that traps on a bench", () => {
  it("is told of with what it did and what it had logged", async () => {
    const { bench } = await puppet();
    const failure = await rejection(bench.ask(script("log 3 the end is near", "trap"), { from: "demo/front" }));
    expect(failure).toMatchObject({
      code: "WASM_BENCH_FAILURE",
      component: "test/puppet",
      lastLogged: ["warn: the end is near"],
      cause: { code: "ENGINE_COMPONENT_TRAP" },
    });
    expect(String(failure)).toMatch(
      /test\/puppet failed when it was asked by demo\/front: ComponentTrapError: .*unreachable.*\n {2}it had logged warn: the end is near$/s,
    );
  });

  it("is down until it is started again, and knows nothing then", async () => {
    const { bench } = await puppet();
    await said(bench, "remember this", "subscribe a.b");
    await expect(bench.tell(script("trap"))).rejects.toMatchObject({ code: "WASM_BENCH_FAILURE" });
    expect(bench.subscriptions).toEqual([]);
    await expect(bench.ask(script("recall"))).rejects.toMatchObject({ code: "WASM_BENCH_FAILURE" });
    await bench.restart();
    expect(await said(bench, "recall")).toBe("");
  });

  it.each([
    ["in a callback", { at_callback: "trap" }, async (bench: ComponentBench) => bench.requests[0]?.reply(script("1"))],
    ["in a health check", { at_health: "trap" }, async (bench: ComponentBench) => bench.health()],
  ] as const)("%s is told of too", async (_where, config, act) => {
    const { bench } = await puppet({ casting: { config: { codecs: "", ...config } } });
    await said(bench, "request demo/rates 1000 EUR");
    expect(await rejection(Promise.resolve(act(bench)))).toMatchObject({ code: "WASM_BENCH_FAILURE" });
  });

  it("while nobody waits for it is told of when the bench is next used, or disposed of", async () => {
    const { bench, clock } = await puppet({ casting: { config: { codecs: "", at_callback: "trap" } } });
    await said(bench, "request demo/rates 1000 EUR");
    await clock.advance(1100);
    await expect(bench[Symbol.asyncDispose]()).rejects.toMatchObject({ code: "WASM_BENCH_FAILURE" });
  });

  it("spends its fuel for all the same", async () => {
    const { bench } = await puppet({ casting: { maxFuel: 100_000 } });
    expect(await rejection(bench.ask(script("flood 100000 send demo/one")))).toMatchObject({
      code: "WASM_BENCH_FAILURE",
      cause: { code: "ENGINE_FUEL_EXHAUSTED" },
    });
  });
});

describe("a component that does not start", () => {
  it("is told of with the reason", async () => {
    const failure = await rejection(puppet({ casting: { config: { codecs: "", at_init: "refuse-config no key" } } }));
    expect(failure).toMatchObject({ code: "WASM_BENCH_FAILURE", cause: { code: "WASM_INIT_REFUSED" } });
    expect(String(failure)).toContain("failed while it started");
    const trap = await rejection(puppet({ casting: { config: { codecs: "", at_init: "trap" } } }));
    expect(trap).toMatchObject({ code: "WASM_BENCH_FAILURE", cause: { code: "ENGINE_COMPONENT_TRAP" } });
  });

  it("is refused what it is not granted", async () => {
    await expect(puppet({ grants: { messaging: { send: ["shop/*"] } } })).rejects.toMatchObject({
      code: "WASM_INSTALL_REFUSED",
    });
  });
});

describe("a bench", () => {
  it("keeps what the component logged, printed and measured", async () => {
    const { bench } = await puppet();
    await said(bench, "log 2 one", "log 4 two", "count-metric served a 2");
    expect(bench.logs.map(({ level, message }: GuestLogLine) => `${level} ${message}`)).toEqual([
      "info one",
      "error two",
    ]);
    expect(bench.metrics.series().map(({ component, name }) => `${component} ${name}`)).toContain("test/puppet served");
  });

  it("moves time for the component", async () => {
    const { bench, clock } = await puppet();
    await clock.advance(1500);
    expect(await said(bench, "now", "monotonic")).toBe("6500000000\n1500000000");
  });

  it("calls exports, operations and what tells of the component", async () => {
    const { bench } = await puppet();
    expect(await bench.metadata()).toMatchObject({ name: "puppet", operations: ["script"] });
    expect(await bench.health()).toEqual({ tag: "healthy" });
    expect(await bench.call("airssys:core-component/component-lifecycle@1.0.0#health")).toEqual({ tag: "healthy" });
    const operation = new TextEncoder().encode("context");
    const context = await bench.execute(operation, { correlationId: "c-9", timeoutMs: 250 });
    expect(new TextDecoder().decode(context)).toBe("c-9 250");
    await expect(bench.execute(new TextEncoder().encode("trap"))).rejects.toMatchObject({ code: "WASM_BENCH_FAILURE" });
  });

  it("stops the component as planned, and tells what shutdown refused with", async () => {
    const { bench } = await puppet({ casting: { config: { codecs: "", at_shutdown: "refuse not yet" } } });
    await expect(bench.stop()).rejects.toMatchObject({ code: "WASM_COMPONENT_REFUSED" });
    await bench.start();
    await expect(bench[Symbol.asyncDispose]()).rejects.toMatchObject({ code: "WASM_COMPONENT_REFUSED" });
  });

  it("has a component that keeps its state go on from it", async () => {
    const casting = { guest: "keeper", config: { version: "1.0.0" } } as const;
    await using bench = await testComponent(await sourceOf("keeper", casting), { engine });
    await bench.ask(jsonPayload({ add: 5 }));
    await bench.restart();
    expect(parseJsonPayload((await bench.ask(jsonPayload({ add: 2 }))) ?? new Uint8Array())).toMatchObject({ sum: 7 });
  });

  it("takes components that know nothing of airssys", async () => {
    await using bench = await testComponent(await sourceOf("stranger", { guest: "stranger" }), { engine });
    expect([await bench.call("count-up"), await bench.call("count-up")]).toEqual([1, 2]);
    await expect(bench.call("no-such-function")).rejects.toMatchObject({ code: "WASM_UNKNOWN_EXPORT" });
    await expect(bench.call("crash")).rejects.toMatchObject({ code: "WASM_BENCH_FAILURE" });
  });

  it("goes by the machine's clock unless told otherwise", async () => {
    await using bench = await testComponent(await sourceOf("puppet"), { engine });
    const before = Date.now();
    const now = Number(await said(bench, "now")) / 1e6;
    expect(now).toBeGreaterThanOrEqual(before - 1);
  });
});
