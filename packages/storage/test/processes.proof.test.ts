import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { openSqliteStore } from "../src/index.ts";
import { bytes, textAt } from "./bytes.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

const run = promisify(execFile);

function program(name: string, ...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const path = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  return run(process.execPath, [path, ...args], { timeout: 60_000 });
}

describe("several processes with one file", () => {
  it("make it together, lose no update, and share a quota to the byte", async () => {
    using folder = new TemporaryFolder();
    const names = ["a", "b", "c"];
    const runs = await Promise.all(names.map((name) => program("count-up", folder.file(), "40", name)));
    await using store = await openSqliteStore(folder.file());
    const entry = await store.namespace("counters").get("a");
    expect(entry?.value).toEqual(Uint8Array.of(0, 0, 0, 120));
    const own = runs.map(({ stdout }) => Number(stdout));
    expect(own.reduce((sum, each) => sum + each)).toBe(100);
    expect(await store.namespace("full").usage()).toEqual({ keys: 100, bytes: 10_000 });
  });

  it("see what the others wrote", async () => {
    using folder = new TemporaryFolder();
    await using store = await openSqliteStore(folder.file());
    await program("leave-open", folder.file());
    expect((await store.namespace("orders").get("left"))?.value).toEqual(Uint8Array.of(2));
  });

  it("may be several stores of one process", async () => {
    using folder = new TemporaryFolder();
    await using one = await openSqliteStore(folder.file());
    await using other = await openSqliteStore(folder.file());
    await one.namespace("orders").set("a", bytes("1"));
    const [first, second] = [one.namespace("orders"), other.namespace("orders")];
    expect(await textAt(second, "a")).toBe("1");
    await Promise.all([first.set("b", bytes("2")), second.set("c", bytes("3"))]);
    expect(await first.usage()).toEqual({ keys: 3, bytes: 6 });
  });
});

describe("a process that leaves its store open", () => {
  it("ends by itself, and when what it wrote is written", async () => {
    using folder = new TemporaryFolder();
    await program("leave-open", folder.file());
    await using store = await openSqliteStore(folder.file());
    expect((await store.namespace("orders").listKeys()).keys).toEqual(["awaited", "left"]);
  });
});
