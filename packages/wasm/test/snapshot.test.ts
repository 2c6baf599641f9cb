import type { ActorRef } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { jsonPayload, parseJsonPayload, type ComponentMessage } from "../src/index.ts";
import { rejection, Stage } from "./stage.ts";
import { waysToRun } from "./ways.ts";

const soon = { backoff: { minMs: 10, maxMs: 10, jitter: 0 } };

async function tell(ref: ActorRef<ComponentMessage>, command: object): Promise<unknown> {
  return parseJsonPayload((await ref.ask(jsonPayload(command))) ?? new Uint8Array());
}

async function crash(stage: Stage, ref: ActorRef<ComponentMessage>): Promise<void> {
  await rejection(ref.ask(jsonPayload({ trap: true })));
  await stage.events.next("restart-delayed", ref.path);
  await stage.clock.advance(10);
  await stage.events.next("actor-restarted");
}

describe.each(waysToRun())("the state of a component, run %s", (_run, way) => {
  it("goes on in the next instance after a planned stop", async () => {
    const stage = new Stage(way);
    const component = await stage.install("keeper", { guest: "keeper" });
    const first = stage.system.spawn(component.start);
    await tell(first, { add: 5 });
    await stage.system.stop(first);
    const second = stage.system.spawn(component.start);
    expect(await tell(second, { add: 1 })).toMatchObject({ sum: 6, from: "1.0.0" });
  });

  it("is lost in a crash", async () => {
    const stage = new Stage(way);
    const { ref } = await stage.supervise("keeper", { guest: "keeper", supervision: soon });
    await tell(ref, { add: 5 });
    await crash(stage, ref);
    expect(await tell(ref, { add: 1 })).toMatchObject({ sum: 1, from: "nobody" });
  });

  it("is what it was at the last snapshot, with [supervision] snapshot_every", async () => {
    const stage = new Stage(way);
    const supervision = { ...soon, snapshotEvery: 2 };
    const { ref } = await stage.supervise("keeper", { guest: "keeper", supervision });
    for (const add of [1, 10, 100]) await tell(ref, { add });
    await crash(stage, ref);
    expect(await tell(ref, {})).toMatchObject({ sum: 11, from: "1.0.0" });
    await crash(stage, ref);
    expect(await tell(ref, {})).toMatchObject({ sum: 11 });
  });

  it("begins afresh when the next instance refuses to go on from it", async () => {
    const stage = new Stage(way);
    const errors: unknown[] = [];
    const component = await stage.install(
      "keeper",
      { guest: "keeper", config: { refuse_state_of: "1.0.0" } },
      { hooks: { onError: (_, error) => errors.push(error) } },
    );
    const first = stage.system.spawn(component.start);
    await tell(first, { add: 5 });
    await stage.system.stop(first);
    const second = stage.system.spawn(component.start);
    expect(await tell(second, {})).toMatchObject({ sum: 0, from: "nobody" });
    expect(errors).toMatchObject([
      { code: "WASM_RESTORE_REFUSED", fromVersion: "1.0.0", answer: { tag: "invalid-input" } },
    ]);
  });
});
