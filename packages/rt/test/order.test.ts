import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, roundRobin } from "../src/index.ts";
import { seededRandom } from "./seeded-random.ts";

describe("messages from one sender to one actor", () => {
  it.each([1, 2, 3, 4, 5])("arrive in the order sent, in whatever ways they are sent (seed %d)", async (seed) => {
    const random = seededRandom(seed);
    await using system = new ActorSystem("test", { dispatcher: { throughput: 3 } });
    const { broker } = system;
    const got: number[] = [];
    const ref = system.spawn<number>(
      () => ({
        receive: (message): unknown => {
          got.push(message);
          return message % 7 === 0 ? Promise.resolve() : undefined;
        },
      }),
      { mailbox: { capacity: "unbounded" } },
    );
    system.registry.register("it", ref);
    broker.subscribe("t.#", ref);
    const [topic, router] = [broker.topic("t"), roundRobin([ref])];
    const answers: Promise<unknown>[] = [];
    const ways: readonly ((message: number) => unknown)[] = [
      (message) => ref.tell(message),
      (message) => ref.tell(message, { timeoutMs: 60_000 }),
      (message) => answers.push(ref.tellWhenRoom(message)),
      (message) => answers.push(ref.ask(message)),
      (message) => router.tell(message),
      (message) => broker.send("it", message),
      (message) => broker.send(ref, message),
      (message) => answers.push(broker.request("it", message)),
      (message) => broker.publish("t", message),
      (message) => topic.publish(message),
    ];
    for (let message = 0; message < 2000; message += 1) {
      ways[random(ways.length)]?.(message);
      if (random(40) === 0) await Promise.resolve();
    }
    await settled(system);
    await Promise.all(answers);
    expect(got).toEqual(Array.from({ length: 2000 }, (_, message) => message));
  });
});
