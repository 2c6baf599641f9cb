import { EventRecorder, settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, InvalidOptionError, MailboxFullError, type MailboxOptions } from "../src/index.ts";
import { Backlog } from "../src/mailbox.ts";
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
