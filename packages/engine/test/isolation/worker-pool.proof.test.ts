import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { BadOptionError, Engine, type RunningInstance, WorkersTakenError } from "../../src/index.ts";
import { launcher, rejectionOf } from "./levels.ts";

const THREADS = "/proc/self/task";

/** The threads of this process, where the system tells. */
const threadCount = (): number => (existsSync(THREADS) ? readdirSync(THREADS).length : 0);

const pool = launcher("worker", { workers: { most: 3, idle: 1 } });
const none = launcher("worker", { workers: { most: 2, idle: 0 } });
const warm = launcher("worker", { workers: { idle: 2 } });

describe("the workers of an engine", () => {
  it("are none until an instance needs one", async () => {
    await pool.prepare("basic");
    expect(pool.engine.workers).toEqual({ total: 0, idle: 0 });
  });

  it("are one for each instance, and some that are ready for the next", async () => {
    const first = await pool.launch("basic");
    expect(pool.engine.workers).toEqual({ total: 2, idle: 1 });
    const second = await pool.launch("basic");
    expect(pool.engine.workers).toEqual({ total: 3, idle: 1 });
    await first[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
    expect(pool.engine.workers).toEqual({ total: 1, idle: 1 });
  });

  it("are no more than they may be, idle ones included; the next is refused, and served once there is room", async () => {
    const instances = [await pool.launch("basic"), await pool.launch("basic"), await pool.launch("basic")];
    expect(pool.engine.workers).toEqual({ total: 3, idle: 0 });
    const refused = await rejectionOf(pool.launch("basic"));
    expect(refused).toBeInstanceOf(WorkersTakenError);
    expect(refused).toMatchObject({ most: 3 });
    // Not awaited: a launch waits for a thread that is ending.
    const disposed = instances[0]?.[Symbol.asyncDispose]();
    expect(await (await pool.launch("basic")).call("add", [1, 2])).toEqual({ ok: true, value: 3 });
    await disposed;
  });

  it("are given back by instances that die, and by launches that fail", async () => {
    for (let round = 0; round < 4; round += 1) {
      const instance = await none.launch("traps");
      expect(await rejectionOf(instance.call("unreachable"))).toMatchObject({ code: "ENGINE_COMPONENT_TRAP" });
      expect(await rejectionOf(none.launch("start-trap"))).toMatchObject({ code: "ENGINE_COMPONENT_TRAP" });
      await instance[Symbol.asyncDispose]();
    }
    expect(none.engine.workers).toEqual({ total: 0, idle: 0 });
  });

  it("can be started ahead of the first launch", async () => {
    await warm.engine.warmUp();
    expect(warm.engine.workers).toEqual({ total: 2, idle: 2 });
  });

  it("never serve a second guest", async () => {
    const seen = new Set<unknown>();
    for (let round = 0; round < 3; round += 1) {
      const instance = await none.launch("basic");
      seen.add(Reflect.get(await instance.call("count-up"), "value"));
      await instance[Symbol.asyncDispose]();
    }
    expect(seen).toEqual(new Set([1]));
  });

  for (const workers of [{ most: 0 }, { idle: -1 }, { memoryBytes: 1.5 }, { messageBytes: Number.NaN }]) {
    it(`are refused by the name of the option when it cannot be used: ${Object.keys(workers)[0]}`, () => {
      expect(() => new Engine({ cacheDirectory: "unused", workers })).toThrow(BadOptionError);
      expect(() => new Engine({ cacheDirectory: "unused", workers })).toThrow(`workers.${Object.keys(workers)[0]}`);
    });
  }
});

describe("a thread of an instance", () => {
  it("leaves nothing behind, however often one begins and ends", { timeout: 300_000 }, async () => {
    const cycle = async (): Promise<void> => {
      const instance: RunningInstance = await (await none.prepare("basic")).launch({ isolation: "worker" });
      await instance.call("count-up");
      await instance[Symbol.asyncDispose]();
    };
    // What is made once, is made.
    await cycle();
    const resources = process.getActiveResourcesInfo().length;
    const threads = threadCount();
    for (let round = 0; round < 100; round += 1) await Promise.all([cycle(), cycle()]);
    expect(none.engine.workers).toEqual({ total: 0, idle: 0 });
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(resources);
    expect(threadCount()).toBeLessThanOrEqual(threads);
  });

  it("keeps the process alive while a call is under way, and not otherwise", async () => {
    const script = fileURLToPath(new URL("forgetful-host.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(stdout).toBe("answered 3 after a pause\n");
  });
});
