import { settled } from "@airssys/testkit";
import { openMemoryStore } from "@airssys/storage";
import { describe, expect, it } from "vitest";
import { script, textOf, type Casting } from "../stage.ts";
import { WatchedStage } from "./watched-stage.ts";

/** How many of the lines that a component replied say so. */
function count(replies: readonly unknown[], beginning: string): number {
  return replies.flatMap((reply) => textOf(reply).split("\n")).filter((line) => line.startsWith(beginning)).length;
}

describe("instances of a component that race for what is left of a quota", () => {
  it("store to the byte what all of them may, in whatever namespace", async () => {
    const stage = new WatchedStage();
    const casting: Casting = { guest: "hoarder", storage: ["hoard", "other"], storageBytes: 100 };
    const component = await stage.install("hoarder", casting, { ...stage.watching });
    const pool = await stage.host.pool(component, { size: 4 });
    // Ten bytes each, with the key.
    const asking = Array.from({ length: 40 }, (_, index) =>
      pool.ref.ask(script(index % 2 === 0 ? "in hoard" : "in other", `set k${String(index).padStart(2, "0")} 1234567`)),
    );
    const replies = await Promise.all(asking);
    expect([count(replies, "quota-exceeded"), component.usage.storage.used]).toEqual([30, 100]);
    expect(stage.levels).toContain("storage critical");
  });

  it("send as many messages as all of them may", async () => {
    const stage = new WatchedStage();
    const got: string[] = [];
    const peer = stage.system.spawn<Uint8Array>(() => ({ receive: (payload) => void got.push(textOf(payload)) }));
    stage.system.registry.register("test/peer", peer);
    const component = await stage.install("puppet", { messagesPerSecond: 50 }, stage.watching);
    const pool = await stage.host.pool(component, { size: 4 });
    await Promise.all(Array.from({ length: 8 }, () => pool.ref.ask(script("flood 20 send test/peer"))));
    await settled(stage.system);
    expect([got.length, component.usage["messages.outbound"].used]).toEqual([50, 50]);
    expect(stage.system.deadLetters.count("rate-exceeded")).toBe(110);
    expect(stage.levels).toContain("messages.outbound critical");
  });

  it("are given as many messages as all of them may", async () => {
    const stage = new WatchedStage();
    const quotas = { actions: { "messages.inbound": "reject" }, isCpuMetered: false } as const;
    const component = await stage.install("puppet", { messagesPerSecond: 50 }, { ...stage.watching, quotas });
    const pool = await stage.host.pool(component, { size: 4 });
    stage.system.registry.register("pool", pool.ref);
    const asking = Array.from({ length: 80 }, () => stage.system.broker.request(pool.ref, script("say x")));
    const settledAll = await Promise.allSettled(asking);
    expect(settledAll.filter(({ status }) => status === "fulfilled")).toHaveLength(50);
    expect(stage.levels).toContain("messages.inbound critical");
  });

  it("share it with those that follow a crash: a restart brings no new one", async () => {
    const stage = new WatchedStage();
    const { ref, component } = await stage.supervise("puppet", {
      messagesPerSecond: 5,
      supervision: { backoff: { minMs: 1, maxMs: 1, jitter: 0 } },
    });
    await ref.ask(script("flood 5 publish news"));
    ref.tell(script("trap"));
    await settled(stage.system);
    await stage.clock.advance(1);
    expect(textOf(await ref.ask(script("flood 5 publish news")))).toBe("quota-exceeded 5");
    expect(component.usage["messages.outbound"].used).toBeGreaterThan(4.9);
  });

  it("keep what was stored when they are installed anew", async () => {
    const storage = openMemoryStore();
    await storage.namespace("test/hoarder/other").set("key", new Uint8Array(97));
    const stage = new WatchedStage(storage);
    const casting: Casting = { guest: "hoarder", storage: ["hoard"], storageBytes: 100 };
    const ref = await stage.start(await stage.install("hoarder", casting));
    expect(textOf(await ref.ask(script("set k 1")))).toMatch(/^quota-exceeded/);
  });
});
