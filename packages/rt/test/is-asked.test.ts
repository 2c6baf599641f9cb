import { describe, expect, it } from "vitest";
import { ActorSystem } from "../src/index.ts";

describe("a message", () => {
  it("knows whether somebody waits for its reply, bare or through the broker", async () => {
    await using system = new ActorSystem("test");
    const seen: boolean[] = [];
    const ref = system.spawn<string>(() => ({ receive: (_, context) => void seen.push(context.isAsked) }));
    system.registry.register("receiver", ref);
    ref.tell("told");
    system.broker.send("receiver", "sent");
    await ref.ask("asked");
    await system.broker.request("receiver", "requested");
    expect(seen).toEqual([false, false, true, true]);
  });
});
