import { ActorSystem, type ActorRef } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { settled } from "../src/index.ts";

describe("settled", () => {
  it("waits until every message has been handled, also those that handlers send", async () => {
    await using system = new ActorSystem("test");
    let handled = 0;
    const ref: ActorRef<number> = system.spawn<number>(() => ({
      receive: async (left) => {
        handled += 1;
        await Promise.resolve();
        if (left > 0) ref.tell(left - 1);
      },
    }));
    ref.tell(500);
    await settled(system);
    expect(handled).toBe(501);
  });

  it("does not wait for an actor that waits for the world outside", async () => {
    await using system = new ActorSystem("test");
    const { promise, resolve } = Promise.withResolvers<void>();
    const ref = system.spawn<string>(() => ({ receive: () => promise }));
    ref.tell("x");
    await settled(system);
    expect(system.isIdle).toBe(true);
    resolve();
  });
});
