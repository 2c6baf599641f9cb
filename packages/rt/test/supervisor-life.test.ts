import { settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, type ActorSpec } from "../src/index.ts";

const pong = (id: string): ActorSpec => ({
  id,
  start: () => ({
    receive: (message) => {
      if (message === "crash") throw new Error("crash");
      return "pong";
    },
  }),
});

describe("a supervisor that was killed at its deadline and started anew", () => {
  it("is not torn down by what its earlier life left under way", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    let hangs = true;
    const hanging: ActorSpec = {
      id: "hanging",
      shutdownMs: "infinity",
      start: () => ({
        receive: () => undefined,
        postStop: () => {
          const waiting = hangs ? Promise.withResolvers<void>().promise : Promise.resolve();
          hangs = false;
          return waiting;
        },
      }),
    };
    const root = await system.supervise({
      id: "root",
      strategy: "one-for-one",
      children: [
        {
          id: "inner",
          strategy: "one-for-one",
          shutdownMs: 50,
          intensity: { maxRestarts: 0, withinMs: 1000 },
          children: [pong("a"), pong("b"), hanging],
        },
      ],
    });
    root.supervisor("inner").child<string>("a").tell("crash");
    await clock.advance(60);
    await settled(system);
    const inner = root.supervisor("inner");
    expect(inner.whichChildren().map(({ id, state }) => `${id} ${state}`)).toEqual([
      "a running",
      "b running",
      "hanging running",
    ]);
    expect(await inner.child<string>("b").ask("ping")).toBe("pong");
  });
});
