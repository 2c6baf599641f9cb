import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "@airssys/storage";
import { describe, expect, it, onTestFinished } from "vitest";
import { perform, rejection, script, Stage, type Casting } from "../stage.ts";

const hoarder: Casting = { guest: "hoarder", storage: ["hoard"] };

async function storeFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "components-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "store.db");
}

/** A host with a store in that file, which lives as long as the work. */
async function hosting<T>(file: string, work: (stage: Stage) => Promise<T>): Promise<T> {
  await using store = await openSqliteStore(file);
  await using stage = new Stage({}, { storage: store });
  return await work(stage);
}

describe("what a component keeps in a SQLite store", () => {
  it("is there for the next host, with its versions", async () => {
    const file = await storeFile();
    await hosting(file, async (stage) => {
      const ref = await stage.spawn("hoarder", hoarder);
      expect(await perform(ref, "set a žluť", "set a red", "apply b=2 c=3")).toEqual(["ok", "ok", "ok"]);
    });
    await hosting(file, async (stage) => {
      const ref = await stage.spawn("hoarder", hoarder);
      expect(await perform(ref, "get a", "set-at a 1 late", "set-at a 2 green", "list  10", "usage")).toEqual([
        "red at 2",
        "false",
        "true",
        "a,b,c then none",
        "3 10 of 1000000",
      ]);
      const other = await stage.spawn("other", hoarder);
      expect(await perform(other, "get a", "usage")).toEqual(["none", "0 0 of 1000000"]);
    });
  });

  it("survives its crash, also what it wrote in the message that it crashed in", async () => {
    await hosting(await storeFile(), async (stage) => {
      const supervision = { backoff: { minMs: 1, maxMs: 1, jitter: 0 } };
      const { ref } = await stage.supervise("hoarder", { ...hoarder, supervision });
      await perform(ref, "set a 1");
      expect(await rejection(ref.ask(script("set b 2", "trap")))).toMatchObject({ code: "RT_ACTOR_CRASHED" });
      await stage.events.next("restart-delayed");
      await stage.clock.advance(1);
      expect(await perform(ref, "get a", "get b", "usage")).toEqual(["1 at 1", "2 at 2", "2 4 of 1000000"]);
    });
  });

  it("never takes more than its quota, to the byte, over the end of the host", async () => {
    const file = await storeFile();
    const small = { ...hoarder, storageBytes: 10 };
    const refused = "quota-exceeded: the namespaces would hold more than their quota";
    await hosting(file, async (stage) => {
      const ref = await stage.spawn("hoarder", small);
      expect(await perform(ref, "set key 1234567", "set key 12345678", "set k ", "usage")).toEqual([
        "ok",
        refused,
        refused,
        "1 10 of 10",
      ]);
    });
    await hosting(file, async (stage) => {
      const ref = await stage.spawn("hoarder", small);
      expect(
        await perform(ref, "set k ", "apply key k=123456789", "apply key k=1234567890", "get k", "delete k", "usage"),
      ).toEqual([refused, "ok", refused, "123456789 at 2", "true", "0 0 of 10"]);
    });
  });

  it("stays when it is uninstalled, and is there when it is installed again", async () => {
    await hosting(await storeFile(), async (stage) => {
      const component = await stage.install("hoarder", hoarder);
      const ref = await stage.start(component);
      await perform(ref, "set a 1");
      await stage.system.stop(ref);
      stage.host.uninstall(component);
      const again = await stage.spawn("hoarder", { ...hoarder, version: "2.0.0" });
      expect(await perform(again, "get a")).toEqual(["1 at 1"]);
    });
  });
});
