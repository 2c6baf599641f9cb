import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CacheError, Engine } from "../../src/index.ts";
import { isSystemError } from "../../src/preparation/cache-directory.ts";
import { answering, fixture, temporaryDirectory } from "../fixtures.ts";

const script = fileURLToPath(new URL("prepare-process.ts", import.meta.url));

let component: Uint8Array;
let componentFile: string;
beforeAll(async () => {
  component = await answering(7);
  componentFile = join(temporaryDirectory(), "component.wasm");
  writeFileSync(componentFile, component);
});

function preparingProcess(cacheDirectory: string): ChildProcess {
  return spawn(process.execPath, [script, cacheDirectory, componentFile], { stdio: ["ignore", "pipe", "inherit"] });
}

async function outputOf(child: ChildProcess): Promise<string> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  await once(child, "close");
  return output;
}

/** Resolves to the path of the first entry of a directory, made or found, whose name begins like that. */
function appearing(directory: string, start: string): Promise<string> {
  return new Promise((resolve) => {
    const look = (): void => {
      const name = readdirSync(directory).find((entry) => entry.startsWith(start));
      if (name === undefined) return;
      watcher.close();
      resolve(join(directory, name));
    };
    const watcher = watch(directory, look);
    look();
  });
}

const isThere = (directory: string, start: string): boolean =>
  readdirSync(directory).some((name) => name.startsWith(start));

describe("a cache that several processes share", () => {
  it("serves all of them when they prepare the same component at once", async () => {
    const cacheDirectory = temporaryDirectory();
    const outputs = await Promise.all([1, 2].map(() => outputOf(preparingProcess(cacheDirectory))));
    expect(outputs).toEqual(['{"ok":true,"value":7}', '{"ok":true,"value":7}']);
    expect(readdirSync(cacheDirectory).filter((name) => name.endsWith(".artifact"))).toHaveLength(1);
    expect(isThere(cacheDirectory, ".preparing-")).toBe(false);
  });

  it("is as it was when one of them is killed while it prepares", async () => {
    const cacheDirectory = temporaryDirectory();
    const killed = preparingProcess(cacheDirectory);
    const closed = once(killed, "close");
    await appearing(cacheDirectory, ".preparing-");
    killed.kill("SIGKILL");
    await closed;
    expect(readdirSync(cacheDirectory).filter((name) => name.endsWith(".artifact"))).toEqual([]);
    expect(await outputOf(preparingProcess(cacheDirectory))).toBe('{"ok":true,"value":7}');
  });
});

describe("an engine that prepares many components", () => {
  it("prepares only so many at once; the others wait for their turn", async () => {
    const cacheDirectory = temporaryDirectory();
    let most = 0;
    const watcher = watch(cacheDirectory, () => {
      most = Math.max(most, readdirSync(cacheDirectory).filter((name) => name.startsWith(".preparing-")).length);
    });
    const engine = new Engine({ cacheDirectory, prepareConcurrency: 1 });
    const components = await Promise.all([1, 2, 3].map(async (digit) => engine.prepare(await answering(digit))));
    watcher.close();
    expect(most).toBe(1);
    expect(components.map((prepared) => prepared.instantiate().call("go"))).toEqual(
      [1, 2, 3].map((value) => ({ ok: true, value })),
    );
  });
});

/** The processes that this one started, by the kernel's own list. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number),
  );
}

const listsChildren = existsSync(`/proc/${process.pid}/task/${process.pid}/children`);

describe("the disposable process of a preparation", () => {
  it.skipIf(!listsChildren)("may be killed while it writes: that is a typed error, and nothing is left", async () => {
    const cacheDirectory = temporaryDirectory();
    const engine = new Engine({ cacheDirectory });
    const before = new Set(childrenOf(process.pid));
    const failed = engine.prepare(component);
    const outcome = failed.catch((error: unknown) => error);
    const preparing = await appearing(cacheDirectory, ".preparing-");
    await appearing(preparing, "component.wasm");
    let started: number[] = [];
    while (started.length === 0) {
      started = childrenOf(process.pid).filter((pid) => !before.has(pid));
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const pid of started) process.kill(pid, "SIGKILL");
    expect(await outcome).toMatchObject({ code: "ENGINE_PREPARATION_FAILED", failure: "crash" });
    expect(readdirSync(cacheDirectory)).toEqual([]);
    expect((await engine.prepare(component)).instantiate().call("go")).toEqual({ ok: true, value: 7 });
  });
});

/** Mounts a file system of its own, where that is permitted. */
function mounted(options: string): string | undefined {
  const directory = temporaryDirectory();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `mode=700,${options}`, "tmpfs", directory], { stdio: "ignore" });
  } catch {
    // Only root may, and not in every container.
    return undefined;
  }
  afterAll(() => execFileSync("umount", ["-l", directory]));
  return directory;
}

describe("a file system that refuses", () => {
  it("for want of space is told as that, whoever met it, and the cache holds what it held", async (context) => {
    const cacheDirectory = mounted("size=256k");
    if (cacheDirectory === undefined) return context.skip("a file system cannot be mounted here");
    const engine = new Engine({ cacheDirectory });
    await engine.prepare(component);
    // First there is no room for what the disposable process writes, then none for what the engine itself does.
    for (const filled of [190_000, 260_000]) {
      const filler = join(cacheDirectory, "filler");
      writeAsMuchAsFits(filler, filled);
      const failed = engine.prepare(await fixture(filled === 190_000 ? "hostile" : "basic"));
      await expect(failed).rejects.toThrow(CacheError);
      await expect(failed).rejects.toThrow(/ENOSPC/);
    }
    const kept = await new Engine({ cacheDirectory, prepareTimeoutMs: 1 }).prepare(component);
    expect(kept.instantiate().call("go")).toEqual({ ok: true, value: 7 });
    expect(isThere(cacheDirectory, ".preparing-")).toBe(false);
  });

  it("for being read-only serves what the cache holds", async (context) => {
    const cacheDirectory = mounted("size=1m");
    if (cacheDirectory === undefined) return context.skip("a file system cannot be mounted here");
    await new Engine({ cacheDirectory }).prepare(component);
    execFileSync("mount", ["-o", "remount,ro", cacheDirectory]);
    const engine = new Engine({ cacheDirectory, cacheBytes: 1 });
    expect((await engine.prepare(component)).instantiate().call("go")).toEqual({ ok: true, value: 7 });
    const failed = engine.prepare(await fixture("basic"));
    await expect(failed).rejects.toThrow(CacheError);
    await expect(failed).rejects.toThrow(/EROFS/);
  });
});

/** Writes until the file has that many bytes or the disk is full. */
function writeAsMuchAsFits(file: string, bytes: number): void {
  try {
    writeFileSync(file, new Uint8Array(bytes));
  } catch (error) {
    if (!isSystemError(error) || error.code !== "ENOSPC") throw error;
  }
}
