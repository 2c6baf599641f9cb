import { type ActorRef } from "@airssys/rt";
import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  jsonPayload,
  parseJsonPayload,
  type ComponentMessage,
  type InstalledComponent,
  type LifecycleState,
} from "../src/index.ts";
import { rejection, script, sourceOf, Stage, type Casting } from "./stage.ts";
import { waysToRun } from "./ways.ts";

type Ref = ActorRef<ComponentMessage>;

async function tell(ref: Ref, command: object): Promise<unknown> {
  return parseJsonPayload((await ref.ask(jsonPayload(command))) ?? new Uint8Array());
}

const keeper = (version: string, more: Casting["config"] = {}): Casting => ({
  guest: "keeper",
  version,
  config: { version, ...more },
});

async function running(stage: Stage): Promise<[InstalledComponent, Ref]> {
  const component = await stage.install("keeper", keeper("1.0.0"));
  return [component, await stage.start(component)];
}

describe.each(waysToRun())("an update, run %s", (_run, way) => {
  it("puts another version in the place of the one that runs, with its state, its ref and its subscriptions", async () => {
    const stage = new Stage(way);
    const [component, ref] = await running(stage);
    await tell(ref, { add: 5 });
    await stage.host.update(component, await sourceOf("keeper", keeper("2.0.0")));
    expect(component.status.state).toBe("running");
    expect(component.manifest.component.version).toBe("2.0.0");
    expect(await tell(ref, { add: 1 })).toEqual({ sum: 6, from: "1.0.0", version: "2.0.0" });
    stage.system.broker.publish("numbers", jsonPayload({ add: 10 }));
    expect(await tell(ref, {})).toMatchObject({ sum: 16 });
  });

  it("loses and reorders no message, however many come meanwhile", async () => {
    const stage = new Stage(way);
    const [component, ref] = await running(stage);
    const next = await sourceOf("keeper", keeper("2.0.0"));
    const asked: Promise<unknown>[] = [];
    const updating = stage.host.update(component, next);
    const reached = new Set<LifecycleState>();
    component.onTransition((to) => reached.add(to));
    let answered = 0;
    while (!reached.has("running") || asked.length < 300) {
      // A mailbox that is full would refuse.
      for (let burst = 0; burst < 10 && asked.length - answered < 900; burst += 1) {
        asked.push(tell(ref, { add: 1 }).finally(() => (answered += 1)));
      }
      await settled(stage.system);
    }
    await updating;
    const replies = (await Promise.all(asked)) as { sum: number; version: string }[];
    expect(replies.map(({ sum }) => sum)).toEqual(replies.map((_, index) => index + 1));
    const versions = replies.map(({ version }) => version);
    expect([...new Set(versions)]).toEqual(["1.0.0", "2.0.0"]);
    expect(versions).toEqual(versions.toSorted());
  });

  it.each([
    ["takes over", {}],
    ["does not start", { refuse_init: "yes" }],
  ])("loses no event and gets none twice while the new version %s", async (_, config) => {
    const stage = new Stage(way);
    const [component, ref] = await running(stage);
    const updating = stage.host
      .update(component, await sourceOf("keeper", keeper("2.0.0", config)))
      .catch(() => undefined);
    const reached = new Set<LifecycleState>();
    component.onTransition((to) => reached.add(to));
    const receivers: number[] = [];
    while (!reached.has("running")) {
      // A mailbox that is full would refuse.
      if (reached.has("updating") && receivers.length < 500) {
        receivers.push(stage.system.broker.publish("numbers", jsonPayload({ add: 1 })));
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await updating;
    expect(receivers).toEqual(receivers.map(() => 1));
    expect(await tell(ref, {})).toMatchObject({ sum: receivers.length });
  });

  it("hands on what the old version waits for: requests and replies it put off", async () => {
    const stage = new Stage(way);
    const answer = Promise.withResolvers<Uint8Array>();
    stage.system.registry.register(
      "test/slow",
      stage.system.spawn(() => ({ receive: () => answer.promise })),
    );
    const [component, ref] = await running(stage);
    const later = ref.ask(jsonPayload({ later: true, add: 3 }));
    await tell(ref, { ask: "test/slow" });
    await stage.host.update(component, await sourceOf("keeper", keeper("2.0.0")));
    answer.resolve(jsonPayload("!"));
    await settled(stage.system);
    expect(await tell(ref, { read: "heard" })).toBe("ok");
    await tell(ref, { answer: true });
    expect(parseJsonPayload((await later) ?? new Uint8Array())).toBe(3);
  });

  it.each([
    ["init refuses", { refuse_init: "yes" }],
    ["restore refuses", { refuse_state_of: "1.0.0" }],
  ])("leaves the old version running when %s", async (_, config) => {
    const stage = new Stage(way);
    const [component, ref] = await running(stage);
    await tell(ref, { add: 5 });
    const updating = stage.host.update(component, await sourceOf("keeper", keeper("2.0.0", config)));
    expect(await rejection(updating)).toMatchObject({
      code: "WASM_UPDATE_FAILED",
      cause: { code: expect.stringMatching(/^WASM_(INIT|RESTORE)_REFUSED$/) },
    });
    expect(component.status.state).toBe("running");
    expect(component.manifest.component.version).toBe("1.0.0");
    stage.system.broker.publish("numbers", jsonPayload({ add: 10 }));
    expect(await tell(ref, {})).toEqual({ sum: 15, from: "nobody", version: "1.0.0" });
  });

  it("starts the new version afresh where either keeps no state, and tells those whose replies were put off", async () => {
    const stage = new Stage(way);
    const component = await stage.install("caller", { guest: "caller" });
    const ref = await stage.start(component);
    const later = rejection(ref.ask(jsonPayload({ call: "messaging.deferReply" })));
    await ref.ask(jsonPayload({ last: true }));
    await stage.host.update(component, await sourceOf("caller", { guest: "caller", version: "1.1.0" }));
    expect(await later).toMatchObject({ code: "WASM_REPLACED" });
  });

  it("of a component that does not run is there at its next start", async () => {
    const stage = new Stage(way);
    const component = await stage.install("keeper", keeper("1.0.0"));
    await stage.host.update(component, await sourceOf("keeper", keeper("2.0.0")));
    expect(await tell(stage.system.spawn(component.start), {})).toMatchObject({ version: "2.0.0" });
  });

  it("is refused for what would not be installed, for another component, and while another is under way", async () => {
    const stage = new Stage(way);
    const [component] = await running(stage);
    const next = await sourceOf("keeper", keeper("2.0.0"));
    const refused = { code: "WASM_INSTALL_REFUSED" };
    expect(await rejection(stage.host.update(component, next, { grants: {} }))).toMatchObject(refused);
    expect(await rejection(stage.host.update(component, await sourceOf("other", keeper("2.0.0"))))).toMatchObject(
      refused,
    );
    expect(component.status.state).toBe("running");
    const both = [stage.host.update(component, next), rejection(stage.host.update(component, next))];
    expect(await both[1]).toMatchObject({ code: "WASM_ILLEGAL_TRANSITION", state: "updating" });
    await both[0];
  });

  it("fails when the component crashes or stops before its turn", async () => {
    const stage = new Stage(way);
    const component = await stage.install("puppet");
    const ref = await stage.start(component);
    const next = await sourceOf("puppet", { version: "2.0.0" });
    ref.tell(script("count"));
    const updating = rejection(stage.host.update(component, next));
    component.onTransition((to) => {
      if (to === "updating") void stage.system.stop(ref);
    });
    expect(await updating).toMatchObject({ code: "WASM_UPDATE_FAILED" });
    expect(component.status.state).toBe("stopped");
  });
});
