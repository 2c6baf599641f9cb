import { ActorSystem } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../src/index.ts";

describe("a virtual clock", () => {
  it("stands still until it is told to advance", async () => {
    const clock = new VirtualClock({ wallTime: 1000 });
    expect([clock.now(), clock.wallTime()]).toEqual([0, 1000]);
    await clock.advance(5);
    expect([clock.now(), clock.wallTime()]).toEqual([5, 1005]);
  });

  it("fires what is due in order of time, and at the same time in the order armed", async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    const arm = (name: string, delayMs: number): void => {
      clock.schedule(() => fired.push(`${name} at ${clock.now()}`), delayMs);
    };
    arm("c", 20);
    arm("a", 10);
    arm("b", 10);
    arm("later", 21);
    await clock.advance(20);
    expect(fired).toEqual(["a at 10", "b at 10", "c at 20"]);
    expect(clock.pending).toBe(1);
  });

  it("fires a timer that is armed on the way, on the way", async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    const again = (): void => {
      fired.push(clock.now());
      clock.schedule(again, 10);
    };
    clock.schedule(again, 10);
    await clock.advance(35);
    expect(fired).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(35);
  });

  it("lets actors handle their messages between two timers", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const steps: string[] = [];
    const ref = system.spawn<string>(() => ({ receive: (message) => void steps.push(message) }));
    clock.schedule(() => {
      ref.tell("handled");
    }, 1);
    clock.schedule(() => steps.push("second timer"), 2);
    await clock.advance(2);
    expect(steps).toEqual(["handled", "second timer"]);
  });

  it("lets nobody else run when it advances at once", () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const steps: string[] = [];
    const ref = system.spawn<string>(() => ({ receive: (message) => void steps.push(message) }));
    clock.schedule(() => {
      ref.tell("handled");
    }, 1);
    clock.schedule(() => steps.push("second timer"), 2);
    clock.advanceSync(2);
    expect(steps).toEqual(["second timer"]);
  });

  it("does not fire a timer that was cancelled", async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    const timer = clock.schedule(() => fired.push("cancelled"), 1);
    timer.cancel();
    timer.cancel();
    await clock.advance(10);
    expect([fired, clock.pending]).toEqual([[], 0]);
  });
});
