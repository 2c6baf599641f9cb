import { describe, expect, it } from "vitest";
import { EventStream } from "../src/event-stream.ts";
import type { LifecycleEvent } from "../src/index.ts";

const started: LifecycleEvent = { type: "actor-started", path: "/user/a" };

describe("the event stream", () => {
  it("gives each listener the events it asked for", () => {
    const events = new EventStream();
    const heard: string[] = [];
    events.on("actor-started", ({ path }) => heard.push(`started ${path}`));
    events.on("actor-killed", ({ path }) => heard.push(`killed ${path}`));
    events.subscribe(({ type }) => heard.push(type));
    events.emit(started);
    expect(heard).toEqual(["started /user/a", "actor-started"]);
  });

  it("observes nothing when nobody listens", () => {
    const events = new EventStream();
    expect(events.observes("actor-started")).toBe(false);
    const listening = events.on("actor-started", () => undefined);
    expect([events.observes("actor-started"), events.observes("actor-killed")]).toEqual([true, false]);
    listening[Symbol.dispose]();
    listening[Symbol.dispose]();
    expect(events.observes("actor-started")).toBe(false);
  });

  it("keeps a listener that throws from harming the others", () => {
    const events = new EventStream();
    const error = new RangeError("listener");
    const heard: LifecycleEvent[] = [];
    events.subscribe(() => {
      throw error;
    });
    events.subscribe((event) => heard.push(event));
    events.emit(started);
    expect(heard).toEqual([{ type: "listener-failed", path: "/user/a", event: started, error }, started]);
  });
});
