import { EventRecorder } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, RecipientNotFoundError, InvalidOptionError, type ActorRef } from "../src/index.ts";
import { seededRandom } from "./seeded-random.ts";

async function stoppedActor(system: ActorSystem): Promise<ActorRef<number>> {
  const ref = system.spawn<number>(() => ({ receive: () => undefined }), { id: "gone" });
  await system.stop(ref);
  return ref;
}

describe("dead letters", () => {
  it("are counted all and kept up to their capacity, the latest", async () => {
    await using system = new ActorSystem("test", { deadLetters: { capacity: 3 } });
    const ref = await stoppedActor(system);
    for (let message = 0; message < 5; message += 1) ref.tell(message);
    expect(system.deadLetters.total).toBe(5);
    expect(system.deadLetters.count("stopped")).toBe(5);
    expect(system.deadLetters.count("crashed")).toBe(0);
    expect(system.deadLetters.list().map(({ message }) => message)).toEqual([2, 3, 4]);
  });

  it("may be counted only", async () => {
    await using system = new ActorSystem("test", { deadLetters: { capacity: 0 } });
    (await stoppedActor(system)).tell(1);
    expect([system.deadLetters.total, system.deadLetters.list().length]).toEqual([1, 0]);
  });

  it("are events", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    (await stoppedActor(system)).tell(1);
    expect(recorder.allOf("message-dead-lettered")).toMatchObject([
      { path: "/user/gone", letter: { reason: "stopped", message: 1 } },
    ]);
  });

  it("that are bytes or text are kept up to their sum, the latest; one that is larger is only counted", async () => {
    await using system = new ActorSystem("test", { deadLetters: { maxBytes: 10 } });
    const lose = (message: unknown): void => {
      expect(() => system.broker.send("nobody", message)).toThrow(RecipientNotFoundError);
    };
    const kept = (): unknown[] => system.deadLetters.list().map(({ message }) => message);
    const [four, six, text] = [new Uint8Array(4), new Uint8Array(6), "abc"];
    for (const message of [{ any: "thing" }, four, six, text]) lose(message);
    expect(kept()).toEqual([six, text].slice(1));
    lose(new ArrayBuffer(4));
    expect(kept()).toEqual([text, new ArrayBuffer(4)]);
    lose(new Uint8Array(11));
    lose({ another: "thing" });
    expect(kept()).toEqual([text, new ArrayBuffer(4), { another: "thing" }]);
    expect(system.deadLetters.take(({ message }) => message === text).length).toBe(1);
    lose(new Uint8Array(6));
    expect(kept()).toEqual([new ArrayBuffer(4), { another: "thing" }, new Uint8Array(6)]);
    expect(system.deadLetters.total).toBe(8);
  });

  it("are weighed once: a sender that changes what it sent makes no room, and takes none", async () => {
    await using system = new ActorSystem("test", { deadLetters: { maxBytes: 10 } });
    const buffers = [1, 2, 3, 4].map(() => new ArrayBuffer(4, { maxByteLength: 100 }));
    for (const buffer of buffers) {
      expect(() => system.broker.send("nobody", buffer)).toThrow(RecipientNotFoundError);
      buffer.resize(100);
    }
    expect(system.deadLetters.list().map(({ message }) => message)).toEqual(buffers.slice(2));
  });

  it("do the same as a list that is cut, whatever comes", async () => {
    const random = seededRandom(11);
    const maxBytes = 40;
    await using system = new ActorSystem("test", { deadLetters: { capacity: 7, maxBytes } });
    const dead = system.deadLetters;
    let expected: readonly string[] = [];
    for (let step = 0; step < 2000; step += 1) {
      const message = `${step} `.repeat(random(6));
      dead.record({ reason: "rejected", message, recipient: "", envelope: undefined });
      if (message.length * 2 <= maxBytes) expected = [...expected, message].slice(-7);
      while (expected.join("").length * 2 > maxBytes) expected = expected.slice(1);
      if (random(30) === 0) {
        dead.take((letter) => String(letter.message).length % 2 === 0);
        expected = expected.filter((text) => text.length % 2 !== 0);
      }
      if (
        dead
          .list()
          .map(({ message: kept }) => kept)
          .join("|") !== expected.join("|")
      )
        break;
    }
    expect(dead.list().map(({ message }) => message)).toEqual(expected);
    expect(dead.total).toBe(2000);
  });

  it.each([{ capacity: -1 }, { capacity: 1.5 }, { capacity: Number.POSITIVE_INFINITY }, { maxBytes: -1 }])(
    "must be bounded: not by %o",
    (deadLetters) => {
      expect(() => new ActorSystem("test", { deadLetters })).toThrow(InvalidOptionError);
    },
  );
});
