import type { QuotaLevelChange } from "@airssys/security";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { ComponentMeters } from "../src/access/component-meters.ts";
import { call, checkHealth } from "../src/index.ts";
import { guest } from "./guests.ts";
import { manifestFor, plentyOfFuel, rejection, Stage } from "./stage.ts";
import { bytes, Operating } from "./system/operating.ts";

const quotas = {
  messagesPerSecond: 1000,
  storageBytes: 1000,
  networkBytesPerSecond: 1000,
  cpuMsPerSecond: 100,
  memoryBytes: 1000,
};

function metersAt(time: { now: number }, changes: QuotaLevelChange[] = []): ComponentMeters {
  return new ComponentMeters(quotas, { now: () => time.now, onLevel: (change) => changes.push(change) });
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
    const meters = metersAt(time);
    meters.computed(250);
    expect(meters.settle()).toBe(1000);
    time.now = 1000;
    expect(meters.settle()).toBe(500);
    time.now = 1500;
    expect(meters.settle()).toBe(0);
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
    const changes: QuotaLevelChange[] = [];
    const meters = metersAt(time, changes);
    expect([meters.account(sent(900)), meters.account(sent(200))]).toEqual([true, 100]);
    expect(meters.account({ ...sent(0), bytesIn: 1000 })).toBe(true);
    time.now = 100;
    expect(meters.account(sent(200))).toBe(true);
    expect(meters.account(sent(1001))).toBe(false);
    expect(meters.account({ ...sent(5000), operation: "file.write" })).toBe(true);
    expect(changes.map(({ quota, level }) => [quota, level])).toEqual([
      ["network.outbound", "warning"],
      ["network.inbound", "critical"],
      ["network.outbound", "critical"],
    ]);
  });

  it("is refused instead where the operator says so", () => {
    const meters = new ComponentMeters(quotas, {
      now: () => 0,
      onLevel: () => undefined,
      actions: { "network.outbound": "reject" },
    });
    expect([meters.account(sent(900)), meters.account(sent(200))]).toEqual([true, false]);
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
      cause: { code: "WASM_QUOTA_EXCEEDED", component: "test/stranger", limit: 600_000 },
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
