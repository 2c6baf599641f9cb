import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, SystemStoppedError } from "../src/index.ts";
import { Counter, crashWith } from "./counter.ts";

describe("an actor system", () => {
  it("shows its tree as plain data", async () => {
    await using system = new ActorSystem("test");
    system.spawn(
      (context) => {
        context.spawn(() => new Counter(), { id: "child" });
        return { receive: () => undefined };
      },
      { id: "parent" },
    );
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "a", start: () => new Counter() }],
    });
    supervisor.child("a").tell(crashWith(new RangeError("bad")));
    await settled(system);
    const tree = structuredClone(system.tree());
    const running = { state: "running", restarts: 0, mailbox: 0 };
    expect(tree).toMatchObject({
      path: "/user",
      kind: "actor",
      ...running,
      children: [
        {
          path: "/user/parent",
          kind: "actor",
          ...running,
          children: [{ path: "/user/parent/child", kind: "actor", ...running, children: [] }],
        },
        {
          path: "/user/s",
          kind: "supervisor",
          ...running,
          children: [{ path: "/user/s/a", kind: "actor", ...running, restarts: 1, children: [] }],
        },
      ],
    });
  });

  it("stops everything in reverse start order when it shuts down, and then starts nothing", async () => {
    const system = new ActorSystem("test");
    const stopped: string[] = [];
    system.events.on("actor-stopped", ({ path }) => stopped.push(path));
    system.spawn(() => new Counter(), { id: "a" });
    await system.supervise({ id: "s", strategy: "one-for-one", children: [{ id: "b", start: () => new Counter() }] });
    system.spawn(() => new Counter(), { id: "c" });
    await Promise.all([system.shutdown(), system.shutdown()]);
    expect(stopped).toEqual(["/user/c", "/user/s/b", "/user/a", "/user"]);
    expect(() => system.spawn(() => new Counter())).toThrow(SystemStoppedError);
    await expect(system.supervise({ id: "s", strategy: "one-for-one", children: [] })).rejects.toThrow(
      SystemStoppedError,
    );
  });

  it("stops an actor that is not at the top, and twice does no harm", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn(() => new Counter());
    await Promise.all([system.stop(ref), system.stop(ref)]);
    await system.stop(ref);
    expect(system.tree().children).toEqual([]);
  });
});
