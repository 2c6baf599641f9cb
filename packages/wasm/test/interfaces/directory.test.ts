import { describe, expect, it } from "vitest";
import { callHost } from "../caller.ts";
import { Stage } from "../stage.ts";

/** The answer about the puppet. */
const entry = (rest: object) => ({ ok: { id: id("puppet"), ...rest } });

const id = (name: string) => ({ namespace: "test", name, version: "1.0.0" });

describe("list-components", () => {
  it("names the components that this one may send to or receives from, running or not, and no others", async () => {
    const stage = new Stage();
    await stage.install("above");
    await stage.spawn("below");
    await stage.spawn("stranger", { guest: "stranger" });
    const caller = await stage.spawn("caller", {
      guest: "caller",
      messaging: { send: ["test/below"], receiveFrom: ["test/above"] },
    });
    expect(await callHost(caller, "directory.listComponents")).toEqual({ ok: [id("above"), id("below")] });
  });
});

describe("get-component-metadata", () => {
  it("is what a component said of itself when it started, and whether it runs", async () => {
    const stage = new Stage();
    const installed = await stage.install("puppet", { config: { codecs: "81 512" } });
    const caller = await stage.spawn("caller", { guest: "caller" });
    expect(await callHost(caller, "directory.getComponentMetadata", "test/puppet")).toEqual(
      entry({ description: "A test's own", operations: [], codecs: [], isRunning: false }),
    );
    const ref = stage.system.spawn(installed.start);
    const declared = { description: "Does what it is told", operations: ["script"], codecs: [81, 512] };
    expect(await callHost(caller, "directory.getComponentMetadata", "test/puppet")).toEqual(
      entry({ ...declared, isRunning: true }),
    );
    await stage.system.stop(ref);
    expect(await callHost(caller, "directory.getComponentMetadata", "test/puppet")).toEqual(
      entry({ ...declared, isRunning: false }),
    );
  });

  it("is none for a component that is not there or has nothing to do with this one", async () => {
    const stage = new Stage();
    await stage.install("puppet");
    const caller = await stage.spawn("caller", { guest: "caller", messaging: { send: ["shop/*"] } });
    for (const name of ["test/puppet", "shop/nobody", "", "__proto__"]) {
      expect(await callHost(caller, "directory.getComponentMetadata", name)).toEqual({ ok: null });
    }
  });
});
