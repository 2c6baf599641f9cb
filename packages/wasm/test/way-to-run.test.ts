import type { Envelope } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { call, jsonPayload, parseJsonPayload, type HookSubject } from "../src/index.ts";
import { HostInterfaces } from "../src/host-interfaces.ts";
import { wayToRun } from "../src/way-to-run.ts";
import { perform, plentyOfFuel, rejection, script, sourceOf, Stage, type Casting } from "./stage.ts";
import { waysToWait } from "./ways.ts";

const clock = "airssys:core-host/clock@1.0.0";
const storage = "airssys:core-host/storage@1.0.0";

describe("a component", () => {
  it.each([
    ["at once, when it imports nothing", [], undefined, "at-once"],
    ["at once, when nothing that it imports waits", [{ name: clock, functions: ["now"] }], undefined, "at-once"],
    ["at once, when it only knows the types of what waits", [{ name: storage, functions: [] }], undefined, "at-once"],
    ["shared, when it may sleep", [{ name: clock, functions: ["now", "sleep-millis"] }], undefined, "shared"],
    ["shared, when it stores anything", [{ name: storage, functions: ["get"] }], undefined, "shared"],
    ["as the operator says", [], "shared", "shared"],
    ["on a thread of its own, when the operator says so", [{ name: storage, functions: ["get"] }], "worker", "worker"],
  ] as const)("is run %s", (_, imports, isolation, way) => {
    expect(wayToRun({ imports }, isolation, new HostInterfaces())).toBe(way);
  });
});

const soon = { minMs: 1, maxMs: 1, jitter: 0 };
const hoarder: Casting = { guest: "hoarder", storage: ["hoard"] };
const archivist: Casting = { guest: "archivist", storage: ["shelf"] };

const withScripts = (config: Casting["config"]): Casting => ({ ...hoarder, config: { codecs: "", ...config } });

describe.each(waysToWait())("a call that waits, run %s", (_run, way) => {
  it("holds back the messages behind it, and nobody else", async () => {
    const stage = new Stage(way);
    const sleeper = await stage.spawn("sleeper", hoarder);
    const other = await stage.spawn("other", hoarder);
    const order: string[] = [];
    const first = perform(sleeper, "sleep 1111").then((lines) => order.push(...lines));
    const second = perform(sleeper, "exists x").then((lines) => order.push(...lines));
    await stage.armed(1111);
    expect(await perform(other, "exists x")).toEqual(["false"]);
    expect(order).toEqual([]);
    await stage.clock.advance(1111);
    await Promise.all([first, second]);
    expect(order).toEqual(["1111000000", "false"]);
  });

  it("goes on as part of the message that it was made for", async () => {
    const stage = new Stage(way);
    const { broker } = stage.system;
    const seen: Envelope[] = [];
    broker.intercept((envelope) => void seen.push(envelope));
    const archive = await stage.spawn("archive", archivist);
    const slow = jsonPayload({
      call: "clock.sleepMillis",
      args: [1111],
      next: { call: "messaging.publish", args: ["news", { text: "1" }] },
    });
    const logged = jsonPayload({
      call: "clock.sleepMillis",
      args: [2222],
      next: { call: "logging.log", args: ["info", "awake", []] },
    });
    const asked = [
      broker.request(archive, slow, { correlationId: "first", timeoutMs: 60_000 }),
      broker.request(archive, logged, { correlationId: "second", timeoutMs: 60_000 }),
    ];
    await stage.armed(1111);
    await stage.clock.advance(1111);
    await stage.armed(2222);
    await stage.clock.advance(2222);
    await Promise.all(asked);
    const first = seen.find(({ correlationId }) => correlationId === "first");
    expect(seen.find(({ topic }) => topic === "news")).toMatchObject({
      sender: "test/archive",
      causationId: first?.id,
    });
    expect(stage.lines).toMatchObject([{ message: "awake", correlationId: "second" }]);
  });

  it("ends at the deadline of the call, and a fresh instance takes its place", async () => {
    const stage = new Stage(way);
    const { ref } = await stage.supervise("sleeper", { ...hoarder, timeoutMs: 200, supervision: { backoff: soon } });
    const idle = stage.clock.pending;
    const error = await rejection(ref.ask(script("set x 1\nsleep 3333"), { timeoutMs: 60_000 }));
    expect(error).toMatchObject({ code: "RT_ACTOR_CRASHED", cause: { code: "ENGINE_DEADLINE_EXCEEDED" } });
    await stage.events.next("restart-delayed");
    await stage.clock.advance(1);
    await stage.events.next("actor-restarted");
    expect(await perform(ref, "get x")).toEqual(["1 at 1"]);
    await stage.clock.advance(60_000 - 3333);
    expect(stage.clock.pending).toBeLessThanOrEqual(idle);
  });

  it("ends when its actor is killed, whose successor starts afresh", async () => {
    const stage = new Stage(way);
    const { ref, supervisor, component } = await stage.supervise("sleeper", {
      ...hoarder,
      supervision: { shutdownMs: 100 },
    });
    const asked = rejection(ref.ask(script("sleep 1000000"), { timeoutMs: 2_000_000 }));
    await stage.armed(1_000_000);
    const stopping = supervisor.terminateChild("sleeper");
    await stage.clock.advance(100);
    await stopping;
    expect(await asked).toMatchObject({ code: "RT_ACTOR_STOPPED" });
    expect(component.status).toMatchObject({ state: "failed", execution: undefined });
    await supervisor.restartChild("sleeper");
    expect(await perform(ref, "exists x")).toEqual(["false"]);
  });
});

describe.each(waysToWait())("a component that is killed, run %s", (_run, way) => {
  it("as it starts leaves the next start alone", async () => {
    const stage = new Stage(way);
    const component = await stage.install("sleeper", withScripts({ at_init: "sleep 100000" }));
    const first = stage.system.spawn(component.start);
    await stage.armed(100_000);
    expect(component.status.state).toBe("starting");
    const stopping = stage.system.stop(first);
    await stage.clock.advance(5000);
    await stopping;
    expect(component.status.state).toBe("failed");
    const second = stage.system.spawn(component.start);
    await stage.armed(100_000);
    await stage.clock.advance(100_000);
    expect(await perform(second, "exists x")).toEqual(["false"]);
    expect(component.status.state).toBe("running");
  });

  it("as it stops is gone all the same, and its hooks are called once", async () => {
    const stage = new Stage(way);
    const called: string[] = [];
    const note = (name: string) => (_component: HookSubject) => void called.push(name);
    const hooks = { preStop: note("preStop"), postStop: note("postStop"), onError: note("onError") };
    const casting = withScripts({ at_shutdown: "sleep 100000" });
    const component = await stage.install("sleeper", casting, { hooks });
    const ref = await stage.start(component);
    const stopping = stage.system.stop(ref);
    await stage.armed(100_000);
    await stage.clock.advance(5000);
    await stopping;
    expect(component.status.state).toBe("failed");
    expect(called).toEqual(["preStop", "onError", "postStop"]);
    expect(await perform(await stage.start(component), "exists x")).toEqual(["false"]);
  });

  it("as another version takes over leaves neither, and the update has failed", async () => {
    const stage = new Stage(way);
    const component = await stage.install("sleeper", hoarder);
    const ref = await stage.start(component);
    const next = await sourceOf("sleeper", { ...withScripts({ at_init: "sleep 100000" }), version: "2.0.0" });
    const updating = rejection(stage.host.update(component, next));
    await stage.armed(100_000);
    const stopping = stage.system.stop(ref);
    await stage.clock.advance(5000);
    await stopping;
    expect(await updating).toMatchObject({ code: "WASM_UPDATE_FAILED" });
    expect(component.status.state).toBe("failed");
    expect(component.manifest.component.version).toBe("1.0.0");
    expect(await perform(await stage.start(component), "exists x")).toEqual(["false"]);
  });
});

describe.each(waysToWait())("a component in an endless loop, run %s", (_run, way) => {
  it("leaves time for others until it passes its deadline", async () => {
    const stage = new Stage(way);
    const { ref } = await stage.supervise("spinner", {
      guest: "spinner",
      maxFuel: plentyOfFuel,
      timeoutMs: 300,
      supervision: { backoff: soon },
    });
    const bystander = stage.system.spawn<string>(() => ({ receive: (text: string) => text }));
    const ended: string[] = [];
    const spinning = rejection(ref.ask(call("spin"))).then((error) => {
      ended.push("spinner");
      return error;
    });
    for (const text of ["one", "two", "three"]) ended.push(String(await bystander.ask(text)));
    expect(await spinning).toMatchObject({ cause: { code: "ENGINE_DEADLINE_EXCEEDED" } });
    expect(ended).toEqual(["one", "two", "three", "spinner"]);
  });
});

describe("an update", () => {
  it("leaves the component where it runs, unless the operator says otherwise", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet", {}, { isolation: "worker" });
    await stage.host.update(component, await sourceOf("puppet", { version: "1.1.0" }));
    expect(component.isolation).toBe("worker");
    await stage.host.update(component, await sourceOf("puppet", { version: "1.2.0" }), { isolation: "shared" });
    expect(component.isolation).toBe("shared");
  });

  it("moves a component that runs to another thread, with its state", async () => {
    const stage = new Stage();
    const keeper: Casting = { guest: "keeper", config: { version: "1" } };
    const component = await stage.install("keeper", keeper);
    const ref = await stage.start(component);
    await ref.ask(jsonPayload({ add: 5 }));
    for (const isolation of ["worker", "shared"] as const) {
      await stage.host.update(component, await sourceOf("keeper", keeper), { isolation });
      await ref.ask(jsonPayload({ add: 1 }));
    }
    expect(parseJsonPayload((await ref.ask(jsonPayload({}))) ?? new Uint8Array())).toMatchObject({ sum: 7 });
  });
});
