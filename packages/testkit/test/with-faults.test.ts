import { ActorSystem, type Actor, type ActorContext } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { InjectedCrashError, InjectedDropError, settled, VirtualClock, withFaults } from "../src/index.ts";

class Echo implements Actor<string> {
  readonly #handled: string[];

  constructor(handled: string[]) {
    this.#handled = handled;
  }

  receive(message: string, context: ActorContext<string>): string {
    this.#handled.push(`${message} at ${context.clock.now()}`);
    return message;
  }

  postStop(): void {
    this.#handled.push("postStop");
  }
}

describe("an actor with faults", () => {
  it("crashes on the n-th message, counted over its incarnations, and is itself otherwise", async () => {
    await using system = new ActorSystem("test", { clock: new VirtualClock() });
    const handled: string[] = [];
    const failures: unknown[] = [];
    system.events.on("actor-failed", ({ error }) => failures.push(error));
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "a", start: withFaults(() => new Echo(handled), { crash: 2 }) }],
    });
    const ref = supervisor.child("a");
    for (const message of ["a", "b", "c"]) ref.tell(message);
    await settled(system);
    expect(handled).toEqual(["a at 0", "postStop", "c at 0"]);
    expect(failures).toEqual([new InjectedCrashError("/user/s/a", 2)]);
  });

  it("drops what it is told to, and says so to who asked", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn(withFaults<string>(() => new Echo([]), { drop: (message) => message === "b" }));
    expect(await ref.ask("a")).toBe("a");
    await expect(ref.ask("b")).rejects.toThrow(InjectedDropError);
    ref.tell("b");
    await settled(system);
    expect(system.deadLetters.count("rejected")).toBe(1);
  });

  it("is late by the clock of the system", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const handled: string[] = [];
    const ref = system.spawn(withFaults<string>(() => new Echo(handled), { delay: 1, delayMs: 70 }));
    for (const message of ["a", "b"]) ref.tell(message);
    await clock.advance(100);
    expect(handled).toEqual(["a at 70", "b at 70"]);
  });
});
