import { settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, AskTimeoutError, type ActorContext } from "../src/index.ts";
import { rejection } from "./rejection.ts";

interface Setting {
  readonly clock: VirtualClock;
  readonly system: ActorSystem;
  readonly signals: AbortSignal[];
  readonly ref: ReturnType<typeof spawnHanging>;
}

/** Hangs on every message but `crash`, and keeps the signals it was given. */
function spawnHanging(system: ActorSystem, signals: AbortSignal[]) {
  return system.spawn((context: ActorContext<string>) => ({
    receive: (message: string): unknown => {
      signals.push(context.signal);
      if (message === "crash") throw new RangeError("crash");
      return message === "hang" ? new Promise<void>(() => undefined) : "done";
    },
  }));
}

async function withHanging(test: (setting: Setting) => Promise<void>): Promise<void> {
  const clock = new VirtualClock();
  // Not disposed: that would wait for the hanging actor, and the clock stands still.
  const system = new ActorSystem("test", { clock });
  const signals: AbortSignal[] = [];
  await test({ clock, system, signals, ref: spawnHanging(system, signals) });
}

describe("the signal of the message at hand", () => {
  it("is aborted when its ask has expired", () =>
    withHanging(async ({ clock, signals, ref }) => {
      const error = rejection(ref.ask("hang", { timeoutMs: 50 }));
      await clock.advance(40);
      expect(signals[0]?.aborted).toBe(false);
      await clock.advance(30);
      expect(await error).toBeInstanceOf(AskTimeoutError);
      expect([signals[0]?.aborted, signals[0]?.reason]).toEqual([true, await error]);
    }));

  it("is aborted when its deadline has passed", () =>
    withHanging(async ({ clock, signals, ref }) => {
      ref.tell("hang", { timeoutMs: 50 });
      await clock.advance(49);
      expect(signals[0]?.aborted).toBe(false);
      await clock.advance(1);
      expect(signals[0]?.aborted).toBe(true);
    }));

  it("is aborted when the actor is killed", () =>
    withHanging(async ({ clock, system, signals, ref }) => {
      ref.tell("hang");
      await settled(system);
      const stopping = system.stop(ref);
      expect(signals[0]?.aborted).toBe(false);
      await clock.advance(5000);
      await stopping;
      expect(signals[0]?.aborted).toBe(true);
    }));

  it("is aborted when the actor crashes later, for what it left running", () =>
    withHanging(async ({ system, signals, ref }) => {
      expect(await ref.ask("x")).toBe("done");
      expect(signals[0]?.aborted).toBe(false);
      ref.tell("crash");
      await settled(system);
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    }));
});
