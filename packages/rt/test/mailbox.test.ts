import { EventRecorder, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorStoppedError,
  ActorSystem,
  AskTimeoutError,
  InvalidOptionError,
  MailboxFullError,
  type MailboxOptions,
} from "../src/index.ts";
import { Backlog } from "../src/backlog.ts";
import { PriorityBacklog } from "../src/priority-backlog.ts";
import { seededRandom } from "./seeded-random.ts";
import { rejection } from "./rejection.ts";

describe("a backlog", () => {
  it("gives back what it took, in order, at any length", () => {
    const random = seededRandom(3);
    const backlog = new Backlog();
    let pushed = 0;
    let shifted = 0;
    for (let round = 0; round < 400; round += 1) {
      for (let count = random(random(10) === 0 ? 2000 : 20); count > 0; count -= 1) {
        backlog.push(pushed);
        pushed += 1;
      }
      const returned = Math.min(random(4), shifted);
      shifted -= returned;
      if (returned > 0) backlog.unshift(Array.from({ length: returned }, (_, index) => shifted + index));
      for (let count = random(backlog.size + 1); count > 0; count -= 1) {
        expect(backlog.shift()).toBe(shifted);
        shifted += 1;
      }
      expect(backlog.size).toBe(pushed - shifted);
    }
  });
});

async function fill(
  mailbox: MailboxOptions,
  count: number,
): Promise<{ handled: number[]; refused: number[]; lost: unknown[] }> {
  await using system = new ActorSystem("test");
  const handled: number[] = [];
  const refused: number[] = [];
  const ref = system.spawn<number>(() => ({ receive: (message) => void handled.push(message) }), { mailbox });
  for (let message = 0; message < count; message += 1) {
    try {
      ref.tell(message);
    } catch (error) {
      if (!(error instanceof MailboxFullError)) throw error;
      refused.push(message);
    }
  }
  await settled(system);
  return { handled, refused, lost: system.deadLetters.list().map(({ message }) => message) };
}

describe("a full mailbox", () => {
  it("hands the message back under the policy error", async () => {
    expect(await fill({ capacity: 2 }, 4)).toEqual({ handled: [0, 1], refused: [2, 3], lost: [] });
  });

  it("loses the message under the policy drop-newest", async () => {
    expect(await fill({ capacity: 2, overflow: "drop-newest" }, 4)).toEqual({
      handled: [0, 1],
      refused: [],
      lost: [2, 3],
    });
  });

  it("loses the one that waited longest under the policy drop-oldest", async () => {
    expect(await fill({ capacity: 2, overflow: "drop-oldest" }, 5)).toEqual({
      handled: [3, 4],
      refused: [],
      lost: [0, 1, 2],
    });
    expect(await fill({ capacity: 1, overflow: "drop-oldest" }, 3)).toEqual({
      handled: [2],
      refused: [],
      lost: [0, 1],
    });
  });

  it("rejects the ask that it drops", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn<string>(() => ({ receive: (message): unknown => message }), {
      mailbox: { capacity: 1, overflow: "drop-oldest" },
    });
    const first = rejection(ref.ask("first"));
    expect(await ref.ask("second")).toBe("second");
    expect(await first).toBeInstanceOf(MailboxFullError);
  });

  it("is an event", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const ref = system.spawn<string>(() => ({ receive: () => undefined }), {
      id: "small",
      mailbox: { capacity: 1, overflow: "drop-newest" },
    });
    ref.tell("a");
    ref.tell("b");
    expect(recorder.allOf("mailbox-overflowed")).toEqual([
      { type: "mailbox-overflowed", path: "/user/small", capacity: 1 },
    ]);
  });
});

describe("a mailbox", () => {
  it("holds 1000 messages unless told otherwise", async () => {
    expect((await fill({}, 1002)).refused).toEqual([1000, 1001]);
  });

  it("is unbounded on request", async () => {
    const { handled, refused } = await fill({ capacity: "unbounded" }, 5000);
    expect([handled.length, refused.length]).toEqual([5000, 0]);
  });

  it.each([0, -1, 1.5, Number.NaN])("cannot have a capacity of %d", async (capacity) => {
    await expect(fill({ capacity }, 0)).rejects.toThrow(InvalidOptionError);
  });
});

describe("a sender that waits for room", () => {
  it("goes on when its message is in, in the order the senders came", async () => {
    await using system = new ActorSystem("test");
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const handled: number[] = [];
    const ref = system.spawn<number>(
      () => ({
        receive: (message) => {
          handled.push(message);
          return gates[message]?.promise;
        },
      }),
      { mailbox: { capacity: 1, overflow: "block" } },
    );
    const admitted: number[] = [];
    for (const message of [0, 1, 2, 3]) {
      void ref.tellWhenRoom(message).then(() => admitted.push(message));
    }
    await settled(system);
    expect([handled, admitted]).toEqual([[0], [0, 1]]);
    expect(() => ref.tell(9)).toThrow(MailboxFullError);
    gates[0]?.resolve();
    await settled(system);
    expect([handled, admitted]).toEqual([
      [0, 1],
      [0, 1, 2],
    ]);
    for (const gate of gates) gate.resolve();
    await settled(system);
    expect([handled, admitted]).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
  });

  it("is turned away when the actor stops, and its message is a dead letter", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn<number>(() => ({ receive: () => undefined }), { mailbox: { capacity: 1 } });
    ref.tell(0);
    const waiting = [1, 2].map((message) => rejection(ref.tellWhenRoom(message)));
    await system.stop(ref);
    const late = rejection(ref.tellWhenRoom(3));
    for (const error of await Promise.all([...waiting, late])) expect(error).toBeInstanceOf(ActorStoppedError);
    expect(system.deadLetters.list().map(({ message }) => message)).toEqual([0, 1, 2, 3]);
  });

  it("may be an asker, under the policy block, until its deadline", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const gate = Promise.withResolvers<void>();
    const ref = system.spawn<string>(() => ({ receive: async (m): Promise<string> => gate.promise.then(() => m) }), {
      mailbox: { capacity: 1, overflow: "block" },
    });
    const [first, second, hasty, patient] = [
      ref.ask("first"),
      ref.ask("second"),
      rejection(ref.ask("hasty", { timeoutMs: 10 })),
      ref.ask("patient"),
    ];
    await clock.advance(40);
    expect(await hasty).toBeInstanceOf(AskTimeoutError);
    gate.resolve();
    expect(await Promise.all([first, second, patient])).toEqual(["first", "second", "patient"]);
    expect(system.deadLetters.list().map(({ reason }) => reason)).toEqual(["expired"]);
  });
});

describe("a mailbox with priorities", () => {
  it("gives the highest first, and first in first out within one", async () => {
    await using system = new ActorSystem("test");
    const handled: string[] = [];
    const ref = system.spawn<string>(() => ({ receive: (message) => void handled.push(message) }), {
      mailbox: { priority: (message) => Number(message[0]) },
    });
    for (const message of ["1a", "2a", "1b", "3a", "xa", "2b"]) ref.tell(message);
    ref.tell("0");
    await settled(system);
    expect(handled).toEqual(["3a", "2a", "2b", "1a", "1b", "0", "xa"]);
  });

  it("gives up the oldest of the least urgent under drop-oldest", async () => {
    await using system = new ActorSystem("test");
    const handled: string[] = [];
    const ref = system.spawn<string>(() => ({ receive: (message) => void handled.push(message) }), {
      mailbox: { capacity: 3, overflow: "drop-oldest", priority: (message) => Number(message[0]) },
    });
    for (const message of ["1a", "2a", "1b", "3a", "2b"]) ref.tell(message);
    await settled(system);
    expect(handled).toEqual(["3a", "2a", "2b"]);
    expect(system.deadLetters.list().map(({ message }) => message)).toEqual(["1a", "1b"]);
  });

  it("takes a message whose priority cannot be told for the least urgent, and keeps nobody out for it", async () => {
    await using system = new ActorSystem("test");
    const got: unknown[] = [];
    const ref = system.spawn<{ urgency: number }>(() => ({ receive: (message) => void got.push(message) }), {
      mailbox: { priority: ({ urgency }) => urgency },
    });
    const hostile: unknown[] = [null, {}, { urgency: "9" }, { urgency: Number.NaN }]; // reading from null throws
    for (const message of hostile) system.broker.send(ref, message);
    for (const urgency of [1, 2]) ref.tell({ urgency });
    await settled(system);
    expect(got).toEqual([{ urgency: 2 }, { urgency: 1 }, ...hostile]);
  });

  it("does the same as sorting, whatever comes", () => {
    const random = seededRandom(11);
    const backlog = new PriorityBacklog((item) => Number(item) % 10);
    const model: number[] = [];
    for (let item = 0; item < 5000; item += 1) {
      const value = item * 10 + random(10);
      if (random(5) === 0) {
        backlog.unshift([value]);
        const at = model.findIndex((one) => one % 10 <= value % 10);
        model.splice(at === -1 ? model.length : at, 0, value);
      } else {
        backlog.push(value);
        const at = model.findIndex((one) => one % 10 < value % 10);
        model.splice(at === -1 ? model.length : at, 0, value);
      }
      const isTaking = random(3) > 0 && model.length > 0;
      expect(isTaking ? backlog.shift() : undefined).toBe(isTaking ? model.shift() : undefined);
      expect(backlog.size).toBe(model.length);
    }
  });
});

function tenBytes(first: number): Uint8Array {
  return new Uint8Array(10).fill(first, 0, 1);
}

function firstOf(message: unknown): number {
  return message instanceof Uint8Array ? (message[0] ?? 0) : -1;
}

/** Six messages of ten bytes, bare and in envelopes. */
async function fillWithBytes(
  mailbox: MailboxOptions,
): Promise<{ handled: number[]; refused: string[]; lost: number[] }> {
  await using system = new ActorSystem("test");
  const handled: number[] = [];
  const refused: string[] = [];
  const ref = system.spawn<Uint8Array>(() => ({ receive: (message) => void handled.push(firstOf(message)) }), {
    mailbox,
  });
  const ways = [
    (message: Uint8Array) => ref.tell(message),
    (message: Uint8Array) => system.broker.send(ref, message),
    (message: Uint8Array) => ref.tell(message, { timeoutMs: 1000 }),
  ];
  for (let message = 0; message < 6; message += 1) {
    try {
      ways[message % ways.length]?.(tenBytes(message));
    } catch (error) {
      if (!(error instanceof MailboxFullError)) throw error;
      refused.push(error.message);
    }
  }
  await settled(system);
  return { handled, refused, lost: system.deadLetters.list().map(({ message }) => firstOf(message)) };
}

describe("a mailbox with maxBytes", () => {
  it("is full when that many wait, however they were sent", async () => {
    const { handled, refused } = await fillWithBytes({ maxBytes: 25 });
    expect(handled).toEqual([0, 1, 2]);
    expect(refused).toEqual([3, 4, 5].map(() => expect.stringContaining("(capacity 1000, at most 25 bytes)")));
  });

  it.each([
    { overflow: "drop-newest", handled: [0, 1, 2], lost: [3, 4, 5] },
    { overflow: "drop-oldest", handled: [3, 4, 5], lost: [0, 1, 2] },
  ] as const)("does what its policy says: $overflow", async ({ overflow, handled, lost }) => {
    expect(await fillWithBytes({ maxBytes: 25, overflow })).toEqual({ handled, refused: [], lost });
  });

  it("with priorities gives the highest first, and gives up as many of the least urgent as it takes", async () => {
    expect(await fillWithBytes({ maxBytes: 25, overflow: "drop-oldest", priority: firstOf })).toEqual({
      handled: [5, 4, 3],
      refused: [],
      lost: [0, 1, 2],
    });
  });

  it("lets senders in that wait for room as bytes are handled", async () => {
    await using system = new ActorSystem("test", { dispatcher: { throughput: 1 } });
    const steps: string[] = [];
    const ref = system.spawn<Uint8Array>(() => ({ receive: ([first]) => void steps.push(`handled ${first}`) }), {
      mailbox: { maxBytes: 10 },
    });
    ref.tell(tenBytes(0));
    expect(() => ref.tell(tenBytes(9))).toThrow(MailboxFullError);
    const waiting = [1, 2].map(async (first) => {
      await ref.tellWhenRoom(tenBytes(first));
      steps.push(`in ${first}`);
    });
    await Promise.all(waiting);
    await settled(system);
    expect(steps).toEqual(["handled 0", "in 1", "handled 1", "in 2", "handled 2"]);
  });

  it("weighs a message once: a sender that changes what it sent keeps nobody out", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn<ArrayBuffer>(() => ({ receive: () => undefined }), { mailbox: { maxBytes: 20 } });
    for (let round = 0; round < 10; round += 1) {
      const buffers = [1, 2, 3].map(() => new ArrayBuffer(10, { maxByteLength: 1000 }));
      for (const buffer of buffers.slice(0, 2)) ref.tell(buffer);
      for (const buffer of buffers) buffer.resize(round % 2 === 0 ? 1000 : 0);
      await settled(system);
    }
    for (let count = 0; count < 2; count += 1) ref.tell(new ArrayBuffer(10));
    expect(() => ref.tell(new ArrayBuffer(10))).toThrow(MailboxFullError);
  });

  it.each([0, -1, Number.NaN])("cannot be of %d bytes", async (maxBytes) => {
    await expect(fill({ maxBytes }, 0)).rejects.toThrow(InvalidOptionError);
  });
});

describe("a message told with a deadline", () => {
  it("is a dead letter when its turn comes too late", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const gate = Promise.withResolvers<void>();
    const handled: string[] = [];
    const ref = system.spawn<string>(() => ({
      receive: (message) => {
        handled.push(message);
        return message === "first" ? gate.promise : undefined;
      },
    }));
    ref.tell("first");
    ref.tell("hasty", { timeoutMs: 50 });
    ref.tell("patient", { timeoutMs: 500 });
    ref.tell("eternal");
    await clock.advance(100);
    gate.resolve();
    await settled(system);
    expect(handled).toEqual(["first", "patient", "eternal"]);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "expired", message: "hasty", recipient: ref.path }]);
    expect(system.tree().children[0]?.counters).toEqual({ handled: 3, failed: 0, deadLetters: 1, stashed: 0 });
  });
});
