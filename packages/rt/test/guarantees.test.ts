import { EventRecorder, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, type SupervisorSpec } from "../src/index.ts";
import { Counter, crashWith, increment, type CounterMessage } from "./counter.ts";

const bad = new RangeError("bad");

function supervised(more: Partial<SupervisorSpec> = {}): SupervisorSpec {
  return { id: "s", strategy: "one-for-one", children: [{ id: "a", start: () => new Counter() }], ...more };
}

describe("the guarantees", () => {
  it("one actor handles one message at a time, and messages from one sender arrive in the order sent", async () => {
    await using system = new ActorSystem("test");
    let atOnce = 0;
    const seen: number[] = [];
    const ref = system.spawn<number>(() => ({
      async receive(message) {
        atOnce += 1;
        expect(atOnce).toBe(1);
        await Promise.resolve();
        seen.push(message);
        atOnce -= 1;
      },
    }));
    for (let message = 0; message < 50; message += 1) ref.tell(message);
    await settled(system);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, message) => message));
  });

  it("what cannot be delivered becomes a dead letter with a reason", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn(() => new Counter(), { mailbox: { capacity: 2, overflow: "drop-newest" } });
    ref.tell(crashWith(bad));
    ref.tell(increment);
    ref.tell(increment);
    await settled(system);
    ref.tell(increment);
    expect(system.deadLetters.list().map(({ reason }) => reason)).toEqual([
      "mailbox-full",
      "crashed",
      "stopped",
      "stopped",
    ]);
  });

  it("system messages travel ahead of user messages and are never dropped", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const watched = system.spawn(() => new Counter());
    const ref = system.spawn<string>(
      (context) => {
        context.watch(watched);
        return { receive: (message) => void steps.push(message), onTerminated: () => void steps.push("terminated") };
      },
      { mailbox: { capacity: 1, overflow: "drop-newest" } },
    );
    ref.tell("user");
    ref.tell("dropped");
    await system.stop(watched);
    await settled(system);
    expect(steps).toEqual(["terminated", "user"]);
  });

  it("an ask has a deadline of 5 s unless said", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const never = new Promise<void>(() => undefined);
    const ref = system.spawn<string>(() => ({ receive: (): unknown => never }));
    system.registry.register("it", ref);
    const errors: string[] = [];
    const asks = [ref.ask("x"), system.broker.request("it", "x")].map((asked) =>
      asked.catch((error: Error) => errors.push(error.message)),
    );
    await clock.advance(4999);
    expect(errors).toEqual([]);
    await clock.advance(21);
    await Promise.all(asks);
    expect(errors).toEqual([1, 2].map(() => `${ref.path} did not reply within 5000 ms`));
  });

  it("an ask is settled exactly once: by reply, error, deadline or stop", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const later = Promise.withResolvers<string>();
    const ref = system.spawn<string>(() => ({
      receive(message): unknown {
        if (message === "crash") throw bad;
        return message === "later" ? later.promise : message;
      },
    }));
    const settlements: string[] = [];
    const ask = (message: string, timeoutMs: number): Promise<void> =>
      ref.ask(message, { timeoutMs }).then(
        (reply) => void settlements.push(`${message}: ${String(reply)}`),
        (error: Error) => void settlements.push(`${message}: ${error.name}`),
      );
    const asks = [ask("now", 100), ask("later", 100), ask("crash", 1000), ask("stopped", 1000)];
    await clock.advance(120);
    later.resolve("too late");
    await Promise.all(asks);
    await clock.advance(2000);
    expect(settlements).toEqual([
      "now: now",
      "later: AskTimeoutError",
      "crash: ActorCrashedError",
      "stopped: ActorStoppedError",
    ]);
  });

  it("a restart builds a fresh instance, and no state survives", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await system.supervise(supervised());
    const ref = supervisor.child<CounterMessage>("a");
    ref.tell(increment);
    ref.tell(crashWith(bad));
    expect(await ref.ask({ type: "read" })).toBe(0);
  });

  it("a supervisor that fails too often fails with the cause, and the system lives on", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const supervisor = await system.supervise(supervised({ intensity: { maxRestarts: 0, withinMs: 1 } }));
    supervisor.child<CounterMessage>("a").tell(crashWith(bad));
    expect(await recorder.next("supervisor-failed")).toMatchObject({ error: { cause: bad } });
    expect(await system.spawn(() => new Counter()).ask({ type: "read" })).toBe(0);
  });

  it("time is passed in, so an hour of restarts takes no time", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock, random: () => 0.5 });
    using recorder = new EventRecorder(system);
    const supervisor = await system.supervise(supervised({ backoff: { minMs: 600_000, maxMs: 3_600_000 } }));
    supervisor.child<CounterMessage>("a").tell(crashWith(bad));
    await recorder.next("restart-delayed");
    await clock.advance(600_000);
    expect(recorder.allOf("actor-restarted").length).toBe(1);
  });
});
