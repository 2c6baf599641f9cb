import { EventRecorder } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, InvalidOptionError, type ActorRef } from "../src/index.ts";

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

  it("cannot be kept in a negative number", () => {
    expect(() => new ActorSystem("test", { deadLetters: { capacity: -1 } })).toThrow(InvalidOptionError);
  });
});
