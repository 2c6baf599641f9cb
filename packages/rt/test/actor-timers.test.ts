import { settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, InvalidOptionError, type ActorContext, type Timers } from "../src/index.ts";

async function withTimers(
  test: (timers: Timers<string>, clock: VirtualClock, heard: string[], system: ActorSystem) => Promise<void>,
  handled?: Promise<void>,
): Promise<void> {
  const clock = new VirtualClock();
  await using system = new ActorSystem("test", { clock });
  const heard: string[] = [];
  const contexts: ActorContext<string>[] = [];
  const supervisor = await system.supervise({
    id: "s",
    strategy: "one-for-one",
    children: [
      {
        id: "a",
        mailbox: { capacity: 1 },
        start: (context: ActorContext<string>) => {
          contexts.push(context);
          return {
            receive: (message: string) => {
              if (message === "crash") throw new RangeError("crash");
              heard.push(`${message} at ${clock.now()}`);
              return handled;
            },
          };
        },
      },
    ],
  });
  const [context] = contexts;
  if (context === undefined) throw new RangeError(`${supervisor.child("a").path} did not start`);
  await test(context.timers, clock, heard, system);
}

describe("a timer", () => {
  it("sends once, or again and again", () =>
    withTimers(async (timers, clock, heard) => {
      timers.sendAfter("once", 15, "once");
      timers.sendEvery("tick", 10, "tick");
      await clock.advance(30);
      expect(heard).toEqual(["tick at 10", "once at 15", "tick at 20", "tick at 30"]);
      expect([timers.isActive("once"), timers.isActive("tick")]).toEqual([false, true]);
    }));

  it("is replaced by one of the same key, and cancelled by key, by handle, or all at once", () =>
    withTimers(async (timers, clock, heard) => {
      timers.sendAfter("a", 10, "first");
      timers.sendAfter("a", 20, "second");
      timers.sendAfter("b", 10, "by key");
      timers.cancel("b");
      timers.sendAfter("c", 10, "by handle").cancel();
      await clock.advance(20);
      timers.sendEvery("d", 10, "all");
      timers.sendAfter("e", 10, "all");
      timers.cancelAll();
      await clock.advance(50);
      expect([heard, clock.pending]).toEqual([["second at 20"], 0]);
    }));

  it("is not heard once it is cancelled, even if it was due", () =>
    withTimers(async (timers, clock, heard, system) => {
      timers.sendAfter("a", 10, "late");
      clock.advanceSync(10);
      timers.cancel("a");
      await settled(system);
      expect(heard).toEqual([]);
    }));

  it("ends with its incarnation", () =>
    withTimers(async (timers, clock, heard, system) => {
      timers.sendEvery("a", 10, "tick");
      timers.sendAfter("b", 10, "crash");
      clock.advanceSync(10);
      await settled(system);
      await clock.advance(100);
      expect([heard, clock.pending, system.deadLetters.count("crashed")]).toEqual([["tick at 10"], 0, 1]);
    }));

  it("makes up for a sleep of the machine with one message", () =>
    withTimers(async (timers, clock, heard) => {
      timers.sendEvery("tick", 10, "tick");
      await clock.sleep(3_600_005);
      await clock.advance(5);
      expect(heard).toEqual(["tick at 3600005", "tick at 3600010"]);
    }));

  it("sends no second message while the first is not handled", async () => {
    const handled = Promise.withResolvers<void>();
    await withTimers(async (timers, clock, heard, system) => {
      timers.sendEvery("tick", 10, "tick");
      await clock.advance(500);
      expect(heard).toEqual(["tick at 10"]);
      handled.resolve();
      await settled(system);
      expect(heard).toEqual(["tick at 10", "tick at 500"]);
    }, handled.promise);
  });

  it("must have a delay that is none below 0", () =>
    withTimers(async (timers) => {
      expect(() => timers.sendAfter("a", -1, "x")).toThrow(InvalidOptionError);
      expect(() => timers.sendEvery("a", 0, "x")).toThrow(InvalidOptionError);
    }));
});
