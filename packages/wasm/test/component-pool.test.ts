import { leastMailbox } from "@airssys/rt";
import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { jsonPayload, parseJsonPayload } from "../src/index.ts";
import { perform, rejection, script, sourceOf, Stage } from "./stage.ts";

const soon = { backoff: { minMs: 10, maxMs: 10, jitter: 0 } };

describe("a pool of a component", () => {
  it("takes turns in what is sent to its ref and to its address", async () => {
    const stage = new Stage();
    const pool = await stage.host.pool(await stage.install("puppet"), { size: 3 });
    const counts: string[] = [];
    for (let turn = 0; turn < 6; turn += 1) counts.push(...(await perform(pool.ref, "count")));
    expect(counts).toEqual(["1", "1", "1", "2", "2", "2"]);
    const sender = await stage.spawn("sender");
    await perform(sender, "send test/puppet count", "send test/puppet count", "send test/puppet count");
    await settled(stage.system);
    expect(await perform(pool.ref, "count")).toEqual(["4"]);
  });

  it("restarts a member that fails, and only that one", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet", { supervision: soon });
    const pool = await stage.host.pool(component, { size: 2 });
    for (let turn = 0; turn < 2; turn += 1) await perform(pool.ref, "count");
    await rejection(pool.ref.ask(script("trap")));
    expect(pool.members.map(({ status }) => status.state)).toEqual(["failed", "running"]);
    expect(await perform(pool.ref, "count")).toEqual(["2"]);
    await stage.clock.advance(10);
    await stage.events.next("actor-restarted");
    expect(await perform(pool.ref, "count")).toEqual(["1"]);
  });

  it("handles an event once, however many members subscribe", async () => {
    const stage = new Stage();
    const component = await stage.install("keeper", { guest: "keeper" });
    const pool = await stage.host.pool(component, { size: 3 });
    for (let event = 0; event < 3; event += 1) stage.system.broker.publish("numbers", jsonPayload({ add: 1 }));
    await settled(stage.system);
    const sums: unknown[] = [];
    for (let member = 0; member < 3; member += 1) {
      const reply = await pool.ref.ask(jsonPayload({}));
      sums.push((parseJsonPayload(reply ?? new Uint8Array()) as { sum: number }).sum);
    }
    expect(sums).toEqual([1, 1, 1]);
  });

  it("is updated member by member", async () => {
    const stage = new Stage();
    const component = await stage.install("keeper", { guest: "keeper", config: { version: "1" } });
    const pool = await stage.host.pool(component, { size: 2, route: leastMailbox });
    const next = await sourceOf("keeper", { guest: "keeper", version: "2.0.0", config: { version: "2" } });
    for (const member of pool.members) await stage.host.update(member, next);
    const reply = await pool.ref.ask(jsonPayload({}));
    expect(parseJsonPayload(reply ?? new Uint8Array())).toMatchObject({ version: "2" });
    expect(pool.members.map(({ manifest }) => manifest.component.version)).toEqual(["2.0.0", "2.0.0"]);
  });

  it("keeps its component installed while a member runs, and there is none of one that was uninstalled", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet");
    const { supervisor } = await stage.host.pool(component, { size: 2 });
    const illegal = { code: "WASM_ILLEGAL_TRANSITION", component: "test/puppet" };
    expect(() => stage.host.uninstall(component)).toThrow(expect.objectContaining({ ...illegal, state: "running" }));
    expect(await rejection(stage.install("puppet"))).toMatchObject({ code: "WASM_INSTALL_REFUSED" });
    await supervisor.stop();
    stage.host.uninstall(component);
    expect(await rejection(stage.host.pool(component, { size: 2 }))).toMatchObject({
      ...illegal,
      state: "uninstalled",
    });
  });

  it("frees the address when it stops, and does not take one that is in use", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet");
    const pool = await stage.host.pool(component, { size: 2 });
    const second = rejection(stage.host.pool(component, { size: 2 }));
    expect(await second).toMatchObject({ code: "RT_DUPLICATE_ID" });
    await pool.supervisor.stop();
    expect(stage.system.registry.lookup("test/puppet")).toBeUndefined();
    const single = stage.system.spawn(component.start);
    expect(await perform(single, "count")).toEqual(["1"]);
    expect(await rejection(stage.host.pool(component, { size: 1 }))).toMatchObject({ code: "RT_ALREADY_REGISTERED" });
  });

  it("has at least one member", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet");
    for (const size of [0, -1, 1.5, Number.NaN]) {
      expect(await rejection(stage.host.pool(component, { size }))).toMatchObject({ code: "WASM_POOL_SIZE" });
    }
  });
});
