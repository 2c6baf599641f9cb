import { ActorSystem } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { EventRecorder } from "../src/index.ts";

describe("an event recorder", () => {
  it("gives the events of a type as they come, of one actor if asked", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    for (const id of ["a", "b", "c"]) system.spawn(() => ({ receive: () => undefined }), { id });
    expect((await recorder.next("actor-started", "/user/b")).path).toBe("/user/b");
    expect((await recorder.next("actor-started")).path).toBe("/user/a");
    const stopping = recorder.next("actor-stopped");
    await system.shutdown();
    expect(await stopping).toEqual({ type: "actor-stopped", path: "/user/c", reason: { kind: "shutdown" } });
    expect(recorder.allOf("actor-started").map(({ path }) => path)).toEqual(["/user/a", "/user/b", "/user/c"]);
    expect(recorder.all.length).toBe(7);
  });

  it("hears nothing more once it is disposed", async () => {
    await using system = new ActorSystem("test");
    const recorder = new EventRecorder(system);
    recorder[Symbol.dispose]();
    system.spawn(() => ({ receive: () => undefined }));
    expect(recorder.all).toEqual([]);
  });
});
