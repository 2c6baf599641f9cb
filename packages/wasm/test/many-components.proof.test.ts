import { describe, expect, it } from "vitest";
import { call } from "../src/index.ts";
import { Stage } from "./stage.ts";

const size = 10_000;

describe("ten thousand components of one kind", () => {
  it("run at once: each answers once, with a state of its own, and all of them stop", async () => {
    const stage = new Stage();
    const component = await stage.install("stranger", { guest: "stranger" });
    const pool = await stage.host.pool(component, { size });
    expect(pool.members.filter(({ status }) => status.state === "running")).toHaveLength(size);

    // Each gets one of them, and says how many calls it has had.
    const ask = (): Promise<unknown>[] => Array.from({ length: size }, () => pool.ref.ask(call("count-up")));
    const [first, second] = [await Promise.all(ask()), await Promise.all(ask())];
    expect([new Set(first), new Set(second)]).toEqual([new Set([1]), new Set([2])]);

    await pool.supervisor.stop();
    expect(pool.members.filter(({ status }) => status.state === "stopped")).toHaveLength(size);
    expect(stage.events.allOf("actor-failed")).toEqual([]);
    expect(stage.system.deadLetters.total).toBe(0);
    expect(stage.system.registry.lookup("test/stranger")).toBeUndefined();
  }, 300_000);
});
