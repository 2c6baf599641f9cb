import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorStoppedError, ActorSystem, StashFullError, type Actor, type ActorContext } from "../src/index.ts";
import { rejection } from "./rejection.ts";

/** Puts everything aside until it is opened. */
class Shop implements Actor<string> {
  readonly #served: string[];
  #isOpen = false;

  constructor(served: string[]) {
    this.#served = served;
  }

  receive(message: string, context: ActorContext<string>): unknown {
    if (message === "open") {
      this.#isOpen = true;
      context.unstashAll();
      return undefined;
    }
    if (message === "crash") throw new RangeError("crash");
    if (!this.#isOpen) return message.startsWith("later") ? Promise.resolve(context.stash()) : context.stash();
    this.#served.push(message);
    return `served ${message}`;
  }
}

describe("a stash", () => {
  it("gives back what was put aside in order, ahead of what waits", async () => {
    await using system = new ActorSystem("test");
    const served: string[] = [];
    const ref = system.spawn(() => new Shop(served));
    for (const message of ["a", "later b", "c"]) ref.tell(message);
    await settled(system);
    for (const message of ["open", "d", "e"]) ref.tell(message);
    await settled(system);
    expect(served).toEqual(["a", "later b", "c", "d", "e"]);
    expect(system.tree().children[0]?.counters).toEqual({ handled: 6, failed: 0, deadLetters: 0, stashed: 0 });
  });

  it("has an asker wait on", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn(() => new Shop([]));
    const [early, later] = [ref.ask("a"), ref.ask("later b")];
    await settled(system);
    expect(system.tree().children[0]?.counters?.stashed).toBe(2);
    ref.tell("open");
    expect(await Promise.all([early, later])).toEqual(["served a", "served later b"]);
  });

  it("is not lost in a restart: the next incarnation gets it first", async () => {
    await using system = new ActorSystem("test");
    const served: string[] = [];
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "shop", start: () => new Shop(served) }],
    });
    const ref = supervisor.child<string>("shop");
    for (const message of ["a", "b", "crash", "open", "c"]) ref.tell(message);
    await settled(system);
    expect(served).toEqual(["a", "b", "c"]);
  });

  it("becomes dead letters when the actor stops, and askers hear of it", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn(() => new Shop([]));
    const asked = rejection(ref.ask("a"));
    ref.tell("b");
    await settled(system);
    await system.stop(ref);
    expect(await asked).toBeInstanceOf(ActorStoppedError);
    expect(system.deadLetters.list().map(({ message, reason }) => [message, reason])).toEqual([
      ["a", "stopped"],
      ["b", "stopped"],
    ]);
  });

  it("is bounded: one more is a failure", async () => {
    await using system = new ActorSystem("test");
    const failures: unknown[] = [];
    system.events.on("actor-failed", ({ error }) => failures.push(error));
    const ref = system.spawn(() => new Shop([]), { mailbox: { stashCapacity: 2 } });
    for (const message of ["a", "b", "c"]) ref.tell(message);
    await settled(system);
    expect(failures).toEqual([new StashFullError(ref.path, 2)]);
    expect(system.deadLetters.total).toBe(3);
  });
});
