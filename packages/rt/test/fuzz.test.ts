import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, MailboxFullError, type Actor, type ActorRef } from "../src/index.ts";
import { seededRandom } from "./seeded-random.ts";

interface Tally {
  sent: number;
  next: number;
  readonly crashed: number[];
  readonly suspended: number[];
  readonly outOfOrder: number[];
}

function turnOfHost(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A suspended actor waits for the host, so a system that is idle may have more to do. */
async function turnsUntil(isDone: () => boolean, atMost: number): Promise<void> {
  await turnOfHost();
  if (!isDone() && atMost > 0) await turnsUntil(isDone, atMost - 1);
}

/** Expects the numbers in order; crashes, suspends, and sends to itself by chance. */
function fuzzed(tally: Tally, self: () => ActorRef<number>, random: (bound: number) => number): Actor<number> {
  return {
    receive(message): void | Promise<void> {
      if (message !== tally.next) tally.outOfOrder.push(message);
      tally.next = message + 1;
      const chance = random(40);
      if (chance === 0) {
        tally.suspended.push(message);
        return random(2) === 0 ? turnOfHost() : Promise.resolve();
      }
      if (chance === 1) {
        tally.crashed.push(message);
        throw new RangeError("crash");
      }
      if (chance < 6 && tally.sent < 4000) {
        for (let count = random(9); count > 0; count -= 1) {
          self().tell(tally.sent);
          tally.sent += 1;
        }
      }
    },
  };
}

describe("messages from one sender", () => {
  it.each([1, 3, 100])("arrive all and in order through crashes and suspensions, %d at a time", async (throughput) => {
    const random = seededRandom(42 + throughput);
    await using system = new ActorSystem("test", { dispatcher: { throughput, sliceMs: 0.1 } });
    const tallies: Tally[] = [];
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      intensity: { maxRestarts: Number.POSITIVE_INFINITY, withinMs: 1 },
      children: Array.from({ length: 8 }, (_, index) => {
        const tally: Tally = { sent: 0, next: 0, crashed: [], suspended: [], outOfOrder: [] };
        tallies.push(tally);
        const id = `actor-${index}`;
        const self = (): ActorRef<number> => supervisor.child(id);
        return { id, mailbox: { capacity: "unbounded" } as const, start: () => fuzzed(tally, self, random) };
      }),
    });
    const flood = async (rounds: number): Promise<void> => {
      for (const [index, tally] of tallies.entries()) {
        const ref = supervisor.child<number>(`actor-${index}`);
        for (let count = random(10) === 0 ? random(900) : random(12); count > 0; count -= 1) {
          ref.tell(tally.sent);
          tally.sent += 1;
        }
      }
      if (random(3) === 0) await turnOfHost();
      if (rounds > 1) await flood(rounds - 1);
    };
    await flood(60);
    await turnsUntil(() => tallies.every(({ sent, next }) => sent === next), 50_000);
    const crashes = tallies.flatMap(({ crashed }) => crashed).length;
    expect(tallies.map(({ sent, outOfOrder }) => ({ next: sent, outOfOrder }))).toEqual(
      tallies.map(({ next }) => ({ next, outOfOrder: [] })),
    );
    expect(crashes).toBeGreaterThan(100);
    expect(system.deadLetters.count("crashed")).toBe(crashes);
    expect(tallies.flatMap(({ suspended }) => suspended).length).toBeGreaterThan(100);
  });
});

describe("under a flood, whatever the policy", () => {
  const everyMailbox = (["error", "block", "drop-newest", "drop-oldest"] as const).flatMap((overflow) =>
    [1, 2, 3].map((seed) => ({ overflow, seed })),
  );

  it.each(everyMailbox)("the control lane loses nothing to any mix of senders ($overflow, seed $seed)", async (mix) => {
    const random = seededRandom(mix.seed);
    await using system = new ActorSystem("test", { dispatcher: { throughput: 3 }, deadLetters: { capacity: 10 } });
    const heard = new Set<string>();
    const watched = Array.from({ length: 50 }, () => system.spawn<string>(() => ({ receive: () => undefined })));
    let handled = 0;
    const ref = system.spawn<number>(
      (context) => {
        for (const one of watched) context.watch(one);
        return {
          receive(): unknown {
            const chance = random(30);
            if (chance === 0) return context.stash();
            if (chance === 1) context.unstashAll();
            handled += 1;
            return chance === 2 ? turnOfHost() : undefined;
          },
          onTerminated: (terminated) => void heard.add(terminated.ref.path),
        };
      },
      { mailbox: { capacity: 8, overflow: mix.overflow, priority: (message) => (mix.seed === 3 ? message % 4 : 0) } },
    );
    let sent = 0;
    let refused = 0;
    const waiting: Promise<unknown>[] = [];
    const send = (): void => {
      sent += 1;
      const kind = random(4);
      if (kind === 0) waiting.push(ref.tellWhenRoom(sent).catch(() => undefined));
      else if (kind === 1) {
        waiting.push(
          ref.ask(sent, { timeoutMs: 60_000 }).catch((error: unknown) => {
            if (error instanceof MailboxFullError && mix.overflow === "error") refused += 1;
          }),
        );
      } else {
        try {
          ref.tell(sent, kind === 2 ? { timeoutMs: 60_000 } : {});
        } catch {
          refused += 1;
        }
      }
    };
    const flood = async (rounds: number): Promise<void> => {
      for (let count = random(30); count > 0; count -= 1) send();
      const stopped = watched[rounds];
      if (stopped !== undefined) void system.stop(stopped);
      if (random(4) === 0) await turnOfHost();
      if (rounds > 0) await flood(rounds - 1);
    };
    await flood(100);
    await settled(system);
    expect(heard.size).toBe(50);
    await system.stop(ref);
    await Promise.all(waiting);
    expect(handled + refused + system.deadLetters.total).toBe(sent);
  });

  const policies = ["error", "block", "drop-newest", "drop-oldest"] as const;

  it.each(policies)("every message sent is handled, a dead letter, or still waiting (%s)", async (overflow) => {
    const random = seededRandom(5);
    await using system = new ActorSystem("test", { deadLetters: { capacity: 10 } });
    let handled = 0;
    const ref = system.spawn<number>(
      () => ({
        receive: () => {
          handled += 1;
          return random(50) === 0 ? turnOfHost() : undefined;
        },
      }),
      { mailbox: { capacity: 16, overflow } },
    );
    let sent = 0;
    let refused = 0;
    const waiting = (): number => system.tree().children[0]?.mailbox ?? 0;
    const flood = async (rounds: number): Promise<void> => {
      for (let count = random(60); count > 0; count -= 1) {
        sent += 1;
        try {
          ref.tell(sent);
        } catch {
          refused += 1;
        }
      }
      expect(handled + refused + system.deadLetters.total + waiting()).toBe(sent);
      await (random(2) === 0 ? turnOfHost() : Promise.resolve());
      if (rounds > 1) await flood(rounds - 1);
    };
    await flood(300);
    await system.stop(ref);
    expect(handled + refused + system.deadLetters.total).toBe(sent);
    expect(refused > 0).toBe(overflow === "error" || overflow === "block");
  });

  it.each(policies)("no system message is dropped, and none waits behind user messages (%s)", async (overflow) => {
    await using system = new ActorSystem("test", { dispatcher: { throughput: 1 } });
    const watched = Array.from({ length: 200 }, () => system.spawn<string>(() => ({ receive: () => undefined })));
    const heard: string[] = [];
    const handledFirst: number[] = [];
    const watcher = system.spawn<number>(
      (context) => {
        for (const ref of watched) context.watch(ref);
        return {
          receive: () => {
            handledFirst.push(heard.length);
          },
          onTerminated: ({ ref }) => void heard.push(ref.path),
        };
      },
      { mailbox: { capacity: 4, overflow } },
    );
    const refusals: unknown[] = [];
    for (const ref of watched) {
      for (let count = 0; count < 8; count += 1) {
        try {
          watcher.tell(count);
        } catch (error) {
          refusals.push(error);
        }
      }
      void system.stop(ref);
    }
    expect(refusals.length > 0).toBe(overflow === "error" || overflow === "block");
    await settled(system);
    expect(heard).toEqual(watched.map(({ path }) => path));
    expect(handledFirst[0]).toBe(200);
  });
});
