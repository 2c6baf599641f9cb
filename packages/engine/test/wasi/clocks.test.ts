import { describe, expect, it } from "vitest";
import { BlockingWaitError, type Clock, systemClock } from "../../src/index.ts";
import { Pollable } from "../../src/wasi/poll.ts";
import { WasiInstance } from "../../src/wasi/wasi-instance.ts";
import { thrownBy } from "../fixtures.ts";
import { guestInterface, resource } from "./guest-interface.ts";

/** A clock that stands still until the test moves it. */
class VirtualClock implements Clock {
  at = 0n;
  readonly #waiting = new Map<() => void, bigint>();
  readonly now = (): number => Number(this.at) / 1e6;
  readonly monotonic = (): bigint => this.at;
  readonly reach = (instant: bigint, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      this.#waiting.set(resolve, instant);
      signal.addEventListener("abort", () => {
        this.#waiting.delete(resolve);
        reject(signal.reason);
      });
    });

  readonly block = (instant: bigint): void => {
    this.at = instant;
  };

  get waits(): number {
    return this.#waiting.size;
  }

  advance(nanoseconds: bigint): void {
    this.at += nanoseconds;
    for (const [resolve, instant] of this.#waiting) if (instant <= this.at) resolve();
  }
}

describe("the wall clock", () => {
  it("is the clock that was given, to the nanosecond", () => {
    const clock = { now: () => 1_700_000_000_123.5, monotonic: () => 0n };
    const call = guestInterface("clocks/wall-clock", { clock });
    expect(call("now")).toEqual({ seconds: 1_700_000_000n, nanoseconds: 123_500_000 });
    expect(call("resolution")).toEqual({ seconds: 0n, nanoseconds: 1_000_000 });
  });

  it("has nothing before the epoch", () => {
    const clock = { now: () => -5, monotonic: () => 0n };
    expect(guestInterface("clocks/wall-clock", { clock })("now")).toEqual({ seconds: 0n, nanoseconds: 0 });
  });
});

describe("the monotonic clock", () => {
  it("is the clock that was given", () => {
    const call = guestInterface("clocks/monotonic-clock", { clock: new VirtualClock() });
    expect(call("now")).toBe(0n);
    expect(call("resolution")).toBe(1n);
  });

  it("tells when an instant or a duration has come, and is not waited for where that would stop the host", () => {
    const clock = new VirtualClock();
    const call = guestInterface("clocks/monotonic-clock", { clock });
    clock.advance(10n);
    const past = resource(Pollable, call("subscribeInstant", 10n));
    const instant = resource(Pollable, call("subscribeInstant", 25n));
    const duration = resource(Pollable, call("subscribeDuration", 20n));
    expect([past, instant, duration].map((pollable) => pollable.ready())).toEqual([true, false, false]);
    expect(thrownBy(() => instant.block())).toBeInstanceOf(BlockingWaitError);
    clock.advance(15n);
    expect([instant, duration].map((pollable) => pollable.ready())).toEqual([true, false]);
    clock.advance(5n);
    expect(duration.ready()).toBe(true);
  });

  it("stops the thread where that was allowed, for so long at most, and for the first of what is awaited", () => {
    const clock = new VirtualClock();
    const wasi = new WasiInstance({ clock, maxBlockMs: 2 });
    const call = guestInterface("clocks/monotonic-clock", wasi);
    expect(resource(Pollable, call("subscribeDuration", 2_000_000n)).block()).toBeUndefined();
    expect(clock.at).toBe(2_000_000n);
    const [later, sooner, tooLate] = [500n, 300n, 2_000_001n].map((ns) => call("subscribeDuration", ns));
    expect(guestInterface("io/poll", wasi)("poll", [later, sooner])).toEqual(Uint32Array.of(1));
    expect(clock.at).toBe(2_000_300n);
    expect(thrownBy(() => resource(Pollable, tooLate).block())).toBeUndefined();
    const far = resource(Pollable, call("subscribeDuration", 2_000_001n));
    expect(thrownBy(() => far.block())).toBeInstanceOf(BlockingWaitError);
    const timeless = { now: () => 0, monotonic: () => 0n };
    const stuck = guestInterface("clocks/monotonic-clock", new WasiInstance({ clock: timeless, maxBlockMs: 2 }));
    expect(thrownBy(() => resource(Pollable, stuck("subscribeInstant", 1n)).block())).toBeInstanceOf(BlockingWaitError);
  });

  it("is waited for by its own time, where a guest may wait", async () => {
    const clock = new VirtualClock();
    const wasi = new WasiInstance({ clock }, "may-wait");
    const call = guestInterface("clocks/monotonic-clock", wasi);
    const blocked = resource(Pollable, call("subscribeDuration", 20n)).block();
    expect(clock.waits).toBe(1);
    clock.advance(20n);
    await blocked;
    expect(clock.waits).toBe(0);
    const forgotten = resource(Pollable, call("subscribeDuration", 20n)).block();
    wasi[Symbol.dispose]();
    await expect(forgotten).rejects.toMatchObject({ name: "AbortError" });
    expect(clock.waits).toBe(0);
  });

  it("is not waited for where the clock cannot be", () => {
    const clock = { now: () => 0, monotonic: () => 0n };
    const wasi = new WasiInstance({ clock }, "may-wait");
    const pollable = resource(Pollable, guestInterface("clocks/monotonic-clock", wasi)("subscribeInstant", 1n));
    expect(thrownBy(() => pollable.block())).toBeInstanceOf(BlockingWaitError);
  });
});

describe("the clock of the machine", () => {
  it("comes to an instant, and lets go of it when nobody waits", async () => {
    const start = systemClock.monotonic();
    await systemClock.reach?.(start + 2_000_000n, new AbortController().signal);
    expect(systemClock.monotonic()).toBeGreaterThan(start + 1_000_000n);
    const begun = systemClock.monotonic();
    systemClock.block?.(begun + 2_000_000n);
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(begun + 2_000_000n);
    const wait = new AbortController();
    const far = systemClock.reach?.(start + 10n ** 18n, wait.signal);
    wait.abort();
    await expect(far).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("the timezone", () => {
  it("is that of nowhere in particular", () => {
    const call = guestInterface("clocks/timezone");
    expect(call("display", { seconds: 0n, nanoseconds: 0 })).toEqual({
      utcOffset: 0,
      name: "UTC",
      inDaylightSavingTime: false,
    });
    expect(call("utcOffset", { seconds: 0n, nanoseconds: 0 })).toBe(0);
  });
});
