import type { QuotaLevelChange } from "@airssys/security";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { ComponentMeters, type Fail, type MeterOptions } from "../src/access/component-meters.ts";
import type { ActorRef } from "@airssys/rt";
import { call, checkHealth, type ComponentMessage, type InstalledComponent } from "../src/index.ts";
import { guest } from "./guests.ts";
import { type Casting, manifestFor, perform, plentyOfFuel, rejection, script, Stage, textOf } from "./stage.ts";
import { bytes, Operating } from "./system/operating.ts";

const quotas = {
  messagesPerSecond: 1000,
  storageBytes: 1000,
  networkBytesPerSecond: 1000,
  cpuMsPerSecond: 100,
  memoryBytes: 1000,
};

interface Metered {
  readonly meters: ComponentMeters;
  /** By quota and level. */
  readonly changes: readonly (readonly [string, string])[];
  /** For what the component was to end. */
  readonly failures: readonly string[];
  readonly fail: Fail;
}

function metersAt(time: { readonly now: number }, options: MeterOptions = {}): Metered {
  const changes: [string, string][] = [];
  const failures: string[] = [];
  const meters = new ComponentMeters(quotas, {
    component: "test/x",
    now: () => time.now,
    onLevel: ({ quota, level }) => changes.push([quota, level]),
    limitSending: () => undefined,
    ...options,
  });
  return { meters, changes, failures, fail: (reason) => failures.push(reason.quota) };
}

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

const sent = (bytesOut: number) =>
  ({ actor: "test/x", operation: "tcp.connect", bytesIn: 0, bytesOut, durationMs: 0 }) as const;

describe("what a component computes", () => {
  it("is paid for by the next message, which waits as long as it was too much", () => {
    const time = { now: 0 };
    const { meters, fail } = metersAt(time);
    meters.computed(250);
    expect(meters.receive(true, fail)).toBe(1000);
    time.now = 1000;
    expect(meters.receive(true, fail)).toBe(500);
    expect(meters.usage()["messages.inbound"].used).toBe(0);
    time.now = 1500;
    expect(meters.receive(true, fail)).toBe(0);
    expect(meters.usage().cpu).toMatchObject({ used: 100, limit: 100 });
  });

  it("holds up its own messages", async () => {
    const stage = new Stage();
    const manifest = {
      ...manifestFor("spinner", { messaging: {}, config: {}, timeoutMs: 50, maxFuel: plentyOfFuel }),
      quotas: { cpuMsPerSecond: 10 },
    };
    const component = await stage.host.install({ manifest, artifact: await guest("spinner") });
    const ref = stage.system.spawn(component.start);
    // Fifty milliseconds of computing, by the machine's own clock, are what this component may do in five seconds.
    expect(await rejection(ref.ask(call("spin")))).toMatchObject({ code: "RT_ACTOR_CRASHED" });
    const next = await stage.start(component);
    const before = stage.clock.now();
    const answers: unknown[] = [];
    void next.ask(checkHealth(), { timeoutMs: 300_000 }).then(
      (answer) => answers.push(answer),
      (error: unknown) => answers.push(error),
    );
    while (answers.length === 0) await stage.clock.advance(1000);
    expect(answers).toEqual([{ tag: "healthy" }]);
    expect(stage.clock.now() - before).toBeGreaterThan(3000);
  });
});

describe("what a component sends over the network", () => {
  it("waits for room when it is more than it may be in a second, out and in apart", () => {
    const time = { now: 0 };
    const { meters, changes, fail } = metersAt(time);
    const account = meters.accountFor(fail);
    expect([account(sent(900)), account(sent(200))]).toEqual([true, 100]);
    expect(account({ ...sent(0), bytesIn: 1000 })).toBe(true);
    time.now = 100;
    expect(account(sent(200))).toBe(true);
    expect(account(sent(1001))).toBe(false);
    expect(account({ ...sent(5000), operation: "file.write" })).toBe(true);
    expect(changes).toEqual([
      ["network.outbound", "warning"],
      ["network.inbound", "critical"],
      ["network.outbound", "critical"],
    ]);
  });

  it("is refused instead where the operator says so", () => {
    const { meters, fail } = metersAt({ now: 0 }, { actions: { "network.outbound": "reject" } });
    const account = meters.accountFor(fail);
    expect([account(sent(900)), account(sent(200))]).toEqual([true, false]);
  });

  it("waits by the clock of the system, and the component with it", async () => {
    const server = createServer((socket) => socket.on("error", () => undefined).resume()).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const network = { outbound: [`127.0.0.1:${port}`] };
    const operator = await Operating.start({ network }, {}, {}, { networkBytesPerSecond: 1000 });
    await operator.do({ call: "Connection.connect", args: ["127.0.0.1", port, 10_000], keep: "c" });
    expect(await operator.call("c.send", bytes("x".repeat(800)))).toEqual({ ok: null });
    const second = operator.call("c.send", bytes("x".repeat(400)));
    await operator.stage.armed(200);
    await operator.stage.clock.advance(200);
    expect(await second).toEqual({ ok: null });
    expect(operator.component.usage["network.outbound"].used).toBe(1000);
  });
});

describe("more than a quota of so much a second", () => {
  type Meters = ComponentMeters;
  const inbound = (meters: Meters, fail: Fail): unknown => meters.receive(true, fail);
  const cpu = (meters: Meters, fail: Fail): unknown => {
    meters.computed(101);
    return meters.receive(false, fail);
  };
  const network = (meters: Meters, fail: Fail): unknown => meters.accountFor(fail)(sent(1));

  it.each<readonly [string, (meters: Meters, fail: Fail) => unknown, number, unknown]>([
    ["messages.inbound", inbound, 1, expect.objectContaining({ code: "WASM_QUOTA_EXCEEDED", limit: 1000 })],
    ["cpu", cpu, 10, expect.objectContaining({ code: "WASM_QUOTA_EXCEEDED", limit: 100 })],
    ["network.outbound", network, 1, false],
  ])("is done about what the operator says: %s", (quota, use, waitMs, refusal) => {
    const done = (["throttle", "reject", "stop"] as const).map((action) => {
      const { meters, failures, fail } = metersAt({ now: 0 }, { actions: { [quota]: action } });
      // Of each, all that there is in a second.
      for (let count = 0; count < 1000; count += 1) meters.receive(true, fail);
      meters.accountFor(fail)(sent(1000));
      return [use(meters, fail), failures];
    });
    expect(done).toEqual([
      [waitMs, []],
      [refusal, []],
      [refusal, [quota]],
    ]);
  });
});

describe("the memory of a component", () => {
  it("is that of all its instances, and the one that is too much does not start", async () => {
    const stage = new Stage();
    const manifest = { ...manifestFor("stranger", { messaging: {}, config: {} }), quotas: { memoryBytes: 600_000 } };
    const component = await stage.host.install({ manifest, artifact: await guest("printer") });
    const first = component.member();
    await stage.start(first);
    const used = component.usage.memory.used;
    expect(used).toBeGreaterThan(0);
    const most = Math.floor(600_000 / used);
    const more = Array.from({ length: most - 1 }, () => component.member());
    const refs = [];
    for (const each of more) refs.push(await stage.start(each));
    expect(thrownBy(() => stage.system.spawn(component.member().start))).toMatchObject({
      cause: { code: "WASM_QUOTA_EXCEEDED", component: "test/stranger", quota: "memory", limit: 600_000 },
    });
    const [ref] = refs;
    if (ref !== undefined) await stage.system.stop(ref);
    await stage.start(component.member());
    expect(component.usage.memory.used).toBe(used * most);
  });

  it("is told when it comes near to its end", async () => {
    const changes: QuotaLevelChange[] = [];
    const stage = new Stage();
    const manifest = { ...manifestFor("stranger", { messaging: {}, config: {} }), quotas: { memoryBytes: 524_288 } };
    const hooks = { onQuota: (_: unknown, change: QuotaLevelChange) => changes.push(change) };
    const component = await stage.host.install({ manifest, artifact: await guest("printer") }, { hooks });
    while (component.usage.memory.level === "normal") await stage.start(component.member());
    expect(changes[0]).toMatchObject({ quota: "memory", level: "critical", previous: "normal", limit: 524_288 });
  });
});

/** What a component is told of its requests, one after the other. */
async function outcomes(asking: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const settled = await Promise.allSettled(asking);
  return settled.map((each) => (each.status === "fulfilled" ? "answered" : Reflect.get(Object(each.reason), "code")));
}

async function puppetWith(casting: Casting, actions: MeterOptions["actions"] = {}): Promise<Puppet> {
  const stage = new Stage();
  const changes: [string, string][] = [];
  const hooks = { onQuota: (_: unknown, { quota, level }: QuotaLevelChange) => changes.push([quota, level]) };
  const component = await stage.install("puppet", casting, { hooks, quotas: { actions, isCpuMetered: false } });
  return { stage, component, changes, ref: await stage.start(component) };
}

interface Puppet {
  readonly stage: Stage;
  readonly component: InstalledComponent;
  readonly ref: ActorRef<ComponentMessage>;
  readonly changes: readonly (readonly [string, string])[];
}

function flood({ stage }: Puppet, count: number): Promise<unknown>[] {
  const { broker } = stage.system;
  return Array.from({ length: count }, () => broker.request("test/puppet", script("say x"), { timeoutMs: 60_000 }));
}

describe("the messages that a component gets by the broker", () => {
  it("are counted, and held against nobody unless the operator says so", async () => {
    const puppet = await puppetWith({ messagesPerSecond: 10 });
    expect(await outcomes(flood(puppet, 15))).toEqual(Array.from({ length: 15 }, () => "answered"));
    expect(puppet.component.usage["messages.inbound"]).toMatchObject({ used: 10, limit: 10, level: "critical" });
    expect(puppet.changes).toContainEqual(["messages.inbound", "critical"]);
  });

  it("wait where the operator says so, when they are more than it may have in a second", async () => {
    const puppet = await puppetWith({ messagesPerSecond: 10 }, { "messages.inbound": "throttle" });
    const asking = flood(puppet, 15);
    const answered = outcomes(asking);
    await Promise.all(asking.slice(0, 10));
    expect(puppet.component.usage["messages.inbound"]).toMatchObject({ used: 10, limit: 10, level: "critical" });
    await puppet.stage.clock.advance(500);
    expect(await answered).toEqual(Array.from({ length: 15 }, () => "answered"));
  });

  it("are refused instead where the operator says so, and the asker is told", async () => {
    const puppet = await puppetWith({ messagesPerSecond: 10 }, { "messages.inbound": "reject" });
    const codes = await outcomes(flood(puppet, 12));
    expect(codes.slice(9)).toEqual(["answered", "WASM_QUOTA_EXCEEDED", "WASM_QUOTA_EXCEEDED"]);
  });

  it("end it where the operator says so", async () => {
    const puppet = await puppetWith({ messagesPerSecond: 10 }, { "messages.inbound": "stop" });
    const codes = await outcomes(flood(puppet, 12));
    expect(codes.slice(9, 11)).toEqual(["answered", "WASM_QUOTA_EXCEEDED"]);
    const { error } = await puppet.stage.events.next("actor-failed", puppet.ref.path);
    expect(error).toMatchObject({ code: "WASM_QUOTA_EXCEEDED", quota: "messages.inbound", limit: 10 });
  });

  it("are those of the broker only: what the host itself asks is not counted", async () => {
    const { ref, component } = await puppetWith({ messagesPerSecond: 1 });
    for (let i = 0; i < 5; i += 1) expect(textOf(await ref.ask(script("say x")))).toBe("x");
    expect(component.usage["messages.inbound"].used).toBe(0);
  });
});

/** Somebody at `test/peer`, and what it got. */
function peerOn({ system }: Stage): readonly string[] {
  const got: string[] = [];
  const peer = system.spawn<Uint8Array>(() => ({ receive: (payload) => void got.push(textOf(payload)) }));
  system.registry.register("test/peer", peer);
  return got;
}

describe("the messages that a component sends", () => {
  it("are refused when they are more than it may send in a second, and the operator sees how many they were", async () => {
    const { stage, ref, component, changes } = await puppetWith({ messagesPerSecond: 5 });
    peerOn(stage);
    const sends = Array.from({ length: 7 }, () => "send test/peer x");
    const told = await perform(ref, ...sends);
    expect(told.filter((line) => line.startsWith("quota-exceeded"))).toHaveLength(2);
    expect(component.usage["messages.outbound"]).toMatchObject({ used: 5, limit: 5, level: "critical" });
    expect(changes).toContainEqual(["messages.outbound", "warning"]);
    expect(stage.system.deadLetters.count("rate-exceeded")).toBe(2);
  });

  it("wait instead where the operator says so, in the order sent", async () => {
    const { stage, ref } = await puppetWith({ messagesPerSecond: 5 }, { "messages.outbound": "throttle" });
    const got = peerOn(stage);
    const told = await perform(ref, ...Array.from({ length: 7 }, (_, index) => `send test/peer ${index}`));
    expect(told).toEqual(Array.from({ length: 7 }, () => "ok"));
    expect(got).toEqual(["0", "1", "2", "3", "4"]);
    await stage.clock.advance(1000);
    expect([got.slice(5), stage.system.deadLetters.list()]).toEqual([["5", "6"], []]);
  });

  it("wait up to a hundred, and are refused beyond", async () => {
    const { stage, ref } = await puppetWith({ messagesPerSecond: 5 }, { "messages.outbound": "throttle" });
    peerOn(stage);
    expect(await perform(ref, "flood 200 send test/peer")).toEqual(["ok 105, quota-exceeded 95"]);
  });

  it("end it where the operator says so", async () => {
    const { stage, ref } = await puppetWith({ messagesPerSecond: 5 }, { "messages.outbound": "stop" });
    peerOn(stage);
    await perform(ref, ...Array.from({ length: 7 }, () => "send test/peer x"));
    const { error } = await stage.events.next("actor-failed", ref.path);
    expect(error).toMatchObject({ code: "WASM_QUOTA_EXCEEDED", quota: "messages.outbound" });
  });
});
