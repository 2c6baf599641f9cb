import { describe, expect, it } from "vitest";
import { ActorSystem, type Clock, type Timer } from "../src/index.ts";
import { VirtualClock } from "@airssys/testkit";

/** A clock whose timers fire late by as much as a busy event loop delays them. */
class LateClock implements Clock {
  readonly #clock = new VirtualClock();
  readonly #lateMs: number;

  constructor(lateMs: number) {
    this.#lateMs = lateMs;
  }

  now(): number {
    return this.#clock.now();
  }

  wallTime(): number {
    return this.#clock.wallTime();
  }

  schedule(callback: () => void, delayMs: number): Timer {
    return this.#clock.schedule(callback, delayMs + this.#lateMs);
  }

  advance(ms: number): Promise<void> {
    return this.#clock.advance(ms);
  }
}

const mute = { receive: (): Promise<void> => Promise.withResolvers<void>().promise };

describe("the deadline of an ask", () => {
  it("follows the clock however late the timers of a busy event loop are", async () => {
    const lateMs = 40;
    const clock = new LateClock(lateMs);
    const system = new ActorSystem("test", { clock });
    const ref = system.spawn<string>(() => mute);
    const expiredAt = new Map<number, number>();
    for (const timeoutMs of [10, 1000, 5000]) {
      ref.ask("x", { timeoutMs }).catch(() => expiredAt.set(timeoutMs, clock.now()));
    }
    await clock.advance(6000);
    expect(expiredAt.size).toBe(3);
    for (const [timeoutMs, at] of expiredAt) {
      expect(at).toBeGreaterThanOrEqual(timeoutMs);
      expect(at).toBeLessThanOrEqual(timeoutMs + 2 * (lateMs + 10));
    }
  });

  it("is never early for an ask made while the timer is overdue", async () => {
    const clock = new LateClock(500);
    const system = new ActorSystem("test", { clock });
    const ref = system.spawn<string>(() => mute);
    ref.ask("first", { timeoutMs: 5 }).catch(() => undefined);
    await clock.advance(400);
    let expiredAt = 0;
    ref.ask("second", { timeoutMs: 300 }).catch(() => (expiredAt = clock.now()));
    await clock.advance(3000);
    expect(expiredAt).toBeGreaterThanOrEqual(700);
  });

  it("is not further away than one can count: a timeout is a finite number of milliseconds from 0", async () => {
    const system = new ActorSystem("test", { clock: new VirtualClock() });
    const ref = system.spawn<string>(() => mute);
    for (const timeoutMs of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      await expect(ref.ask("x", { timeoutMs })).rejects.toMatchObject({ code: "RT_INVALID_OPTION" });
    }
  });
});
