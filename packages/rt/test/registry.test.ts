import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, AlreadyRegisteredError } from "../src/index.ts";
import { Counter, crashWith } from "./counter.ts";

describe("a registered name", () => {
  it("leads to the actor", async () => {
    await using system = new ActorSystem("test");
    const counter = system.spawn(() => new Counter());
    system.registry.register("counter", counter);
    expect(system.registry.lookup("counter")).toBe(counter);
    expect(system.registry.lookup("other")).toBeUndefined();
  });

  it("belongs to one actor", async () => {
    await using system = new ActorSystem("test");
    const first = system.spawn(() => new Counter(), { id: "first" });
    const second = system.spawn(() => new Counter());
    system.registry.register("counter", first);
    system.registry.register("counter", first);
    expect(() => system.registry.register("counter", second)).toThrow(AlreadyRegisteredError);
    system.registry.unregister("counter");
    system.registry.register("counter", second);
    expect(system.registry.lookup("counter")).toBe(second);
  });

  it("is free again when the actor has stopped", async () => {
    await using system = new ActorSystem("test");
    const counter = system.spawn(() => new Counter());
    system.registry.register("a", counter);
    system.registry.register("b", counter);
    await system.stop(counter);
    expect(system.registry.size).toBe(0);
    system.registry.register("a", counter);
    expect(system.registry.lookup("a")).toBeUndefined();
  });

  it("is kept over a restart", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "a", start: () => new Counter() }],
    });
    const ref = supervisor.child("a");
    system.registry.register("a", ref);
    ref.tell(crashWith(new RangeError("bad")));
    await settled(system);
    expect(await system.registry.lookup("a")?.ask({ type: "read" })).toBe(0);
  });
});
