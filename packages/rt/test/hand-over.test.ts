import { EventRecorder, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, type Actor, type ActorContext, type ExitReason, type SupervisorNode } from "../src/index.ts";

const bad = new RangeError("bad");

class Ledger implements Actor<string> {
  readonly #steps: string[];
  readonly #entries: string[];

  constructor(steps: string[], context: ActorContext<string>) {
    this.#steps = steps;
    this.#entries = Array.isArray(context.handedOver) ? context.handedOver.map(String) : [];
    steps.push(`built with ${this.#entries.join()}`);
  }

  receive(message: string): unknown {
    if (message === "crash") throw bad;
    if (message !== "read") this.#entries.push(message);
    return this.#entries.join();
  }

  preStart(): void {
    this.#steps.push("preStart");
  }

  postRestart(context: ActorContext<string>, reason: ExitReason): void {
    this.#steps.push(`postRestart after ${reason.kind}, still there: ${String(context.handedOver !== undefined)}`);
  }

  preRestart(): unknown {
    this.#steps.push("preRestart");
    if (this.#entries.includes("secret")) throw bad;
    return this.#entries.includes("slowly") ? Promise.resolve(this.#entries) : this.#entries;
  }

  postStop(): void {
    this.#steps.push("postStop");
  }
}

function supervise(
  system: ActorSystem,
  steps: string[],
  restart: "permanent" | "temporary" = "permanent",
): Promise<SupervisorNode> {
  return system.supervise({
    id: "s",
    strategy: "one-for-one",
    children: [{ id: "a", restart, start: (context: ActorContext<string>) => new Ledger(steps, context) }],
  });
}

describe("a restart", () => {
  it.each(["quickly", "slowly"])("hands over what preRestart returns, and nothing else (%s)", async (entry) => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const supervisor = await supervise(system, steps);
    const ref = supervisor.child<string>("a");
    for (const message of [entry, "crash"]) ref.tell(message);
    await settled(system);
    expect(await ref.ask("read")).toBe(entry);
    expect(steps).toEqual([
      "built with ",
      "preStart",
      "preRestart",
      "postStop",
      `built with ${entry}`,
      "preStart",
      "postRestart after error, still there: true",
    ]);
  });

  it("hands over nothing when preRestart fails, which is an event", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const supervisor = await supervise(system, []);
    const ref = supervisor.child<string>("a");
    for (const message of ["secret", "crash"]) ref.tell(message);
    expect(await ref.ask("read")).toBe("");
    expect(recorder.allOf("pre-restart-failed")).toEqual([{ type: "pre-restart-failed", path: ref.path, error: bad }]);
  });

  it("is not announced to an actor that does not come back", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const supervisor = await supervise(system, steps, "temporary");
    supervisor.child<string>("a").tell("crash");
    await settled(system);
    expect(steps).toEqual(["built with ", "preStart", "postStop"]);
  });

  it("does not wait for ever for a preRestart that hangs", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    let built = 0;
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [
        {
          id: "a",
          shutdownMs: 100,
          start: () => {
            built += 1;
            return {
              receive: (): never => {
                throw bad;
              },
              preRestart: () => new Promise<void>(() => undefined),
            };
          },
        },
      ],
    });
    supervisor.child<string>("a").tell("x");
    await clock.advance(100);
    expect(built).toBe(2);
  });
});
