import { EventRecorder, Probe, settled, VirtualClock } from "@airssys/testkit";
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

  it("an actor flooded with a million messages still stops, and every message is accounted for", async () => {
    await using system = new ActorSystem("test", { deadLetters: { capacity: 10 } });
    let handled = 0;
    const ref = system.spawn<number>(() => ({ receive: () => void (handled += 1) }), {
      mailbox: { overflow: "drop-oldest" },
    });
    const watcher = new Probe(system);
    watcher.watch(ref);
    for (let message = 0; message < 1_000_000; message += 1) {
      ref.tell(message);
      if (message % 100_000 === 0) await Promise.resolve();
    }
    const { mailbox = 0, counters } = system.tree().children[0] ?? {};
    expect(mailbox).toBeLessThanOrEqual(1000);
    expect(counters).toMatchObject({ handled, deadLetters: system.deadLetters.total });
    expect(handled + system.deadLetters.total + mailbox).toBe(1_000_000);
    await system.stop(ref);
    expect(await watcher.nextTerminated()).toEqual({ ref, reason: { kind: "shutdown" } });
    expect(handled).toBeGreaterThan(0);
    expect(handled + system.deadLetters.total).toBe(1_000_000);
    expect(system.deadLetters.list().length).toBe(10);
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
