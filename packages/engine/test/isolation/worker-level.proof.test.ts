import { getEventListeners, once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextRound } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/component-header.ts";
import {
  CallAbortedError,
  DEFAULT_ENGINE_OPTIONS,
  DeadlineExceededError,
  EngineClosedError,
  type HostImports,
  hostCallSignal,
  HostFileSystem,
  HostFunctionError,
  InstanceDeadError,
  NoHostCallError,
  UncrossableTypeError,
} from "../../src/index.ts";
import { loadArtifact } from "../../src/preparation/loader.ts";
import { transpileComponent } from "../../src/preparation/transpiler.ts";
import { fixture, temporaryDirectory } from "../fixtures.ts";
import { countRounds, launcher, rejectionOf } from "./levels.ts";

const { launch } = launcher("worker");

let milliseconds = 0;
const clock = { now: () => milliseconds, monotonic: () => BigInt(milliseconds) * 1_000_000n };
const timed = launcher("worker", { clock });
const brief = launcher("worker");

function hostApi(api: object = {}): HostImports {
  return {
    "test:host/api@1.0.0": { plain: (x: number) => x, tryIt: (x: number) => x, ...api },
    "": { beat: () => 9, tick: () => undefined },
  };
}

/** A function of the host that says when it is entered, and returns when it is told to. */
function pausing(): {
  readonly plain: (x: number) => Promise<number>;
  readonly entered: Promise<AbortSignal>;
  finish(value: unknown): void;
} {
  const entered = Promise.withResolvers<AbortSignal>();
  const finished = Promise.withResolvers<unknown>();
  return {
    plain: async (x) => {
      entered.resolve(hostCallSignal());
      return Number((await finished.promise) ?? x);
    },
    entered: entered.promise,
    finish: finished.resolve,
  };
}

async function askTooLate(): Promise<unknown> {
  await nextRound();
  return hostCallSignal();
}

describe("an asynchronous function of the host", () => {
  it("has the guest wait for it, and the host's thread go on meanwhile", async () => {
    const host = pausing();
    const instance = await launch("host", { imports: hostApi(host) });
    const answer = instance.call("call-plain", [1]);
    await host.entered;
    const counting = countRounds();
    for (let round = 0; round < 20; round += 1) await nextRound();
    expect(counting.rounds).toBeGreaterThanOrEqual(19);
    counting.stop();
    host.finish(7);
    expect(await answer).toEqual({ ok: true, value: 7 });
  });

  it("gives a WIT error by rejecting with a plain value, and kills the instance with an Error", async () => {
    const bug = new RangeError("late");
    const tryIt = async (x: number): Promise<number> => {
      await nextRound();
      if (x === 0) throw 5;
      if (x === 1) throw bug;
      return x;
    };
    const instance = await launch("host", { imports: hostApi({ tryIt }) });
    expect(await instance.call("call-try", [4])).toEqual({ ok: true, value: 4 });
    expect(await instance.call("call-try", [0])).toEqual({ ok: true, value: 1_005 });
    const thrown = await rejectionOf(instance.call("call-try", [1]));
    expect(thrown).toBeInstanceOf(HostFunctionError);
    expect(Reflect.get(Object(thrown), "cause")).toBe(bug);
  });

  it("is blamed for what its promise holds when that is not of its type", async () => {
    const instance = await launch("host", { imports: hostApi({ plain: async () => "seven" }) });
    expect(await rejectionOf(instance.call("call-plain", [1]))).toMatchObject({
      code: "ENGINE_HOST_FUNCTION",
      message: expect.stringMatching(/returned a wrong value: expected u32/),
    });
  });

  it("is blamed for what cannot be read", async () => {
    const unreadable = {
      get fullName(): string {
        throw new Error("not now");
      },
    };
    const instance = await launch("record-from-host", { imports: { "": { person: async () => unreadable } } });
    expect(await rejectionOf(instance.call("ask"))).toMatchObject({
      code: "ENGINE_HOST_FUNCTION",
      function: "person",
      cause: { message: "not now" },
    });
  });

  it("may be called by a start function too", async () => {
    const noted: number[] = [];
    const instance = await launch("start-host", {
      imports: { "": { note: async (value: number) => (await nextRound(), noted.push(value)) } },
    });
    expect(noted).toEqual([1, 2, 3]);
    expect(instance.isAlive).toBe(true);
  });

  it("is told at the deadline that nobody waits any more, and what it returns later is dropped", async () => {
    const host = pausing();
    const instance = await timed.launch("host", { imports: hostApi(host), limits: { deadlineMs: 30 } });
    const call = rejectionOf(instance.call("call-plain", [1]));
    const signal = await host.entered;
    expect(signal.aborted).toBe(false);
    milliseconds += 30;
    const error = await call;
    expect(error).toBeInstanceOf(DeadlineExceededError);
    expect(error).toMatchObject({ function: "call-plain", deadlineMs: 30 });
    expect(signal.reason).toBe(error);
    host.finish(7);
    await nextRound();
    expect(instance.isAlive).toBe(false);
    expect(await rejectionOf(instance.call("call-plain", [1]))).toMatchObject({ cause: error });
  });

  it("is told when its caller gives up, and when the instance is disposed", async () => {
    for (const end of ["abort", "dispose"] as const) {
      const host = pausing();
      const instance = await launch("host", { imports: hostApi(host) });
      const controller = new AbortController();
      const call = rejectionOf(instance.call("call-plain", [1], { signal: controller.signal }));
      const signal = await host.entered;
      if (end === "abort") controller.abort(new Error("enough"));
      else await instance[Symbol.asyncDispose]();
      const error = await call;
      expect(error).toBeInstanceOf(end === "abort" ? CallAbortedError : InstanceDeadError);
      expect(signal.reason).toBe(error);
      expect(instance.isAlive).toBe(false);
      expect(getEventListeners(controller.signal, "abort")).toEqual([]);
      host.finish(0);
    }
  });

  it("does not hear of the end of calls that it did not serve", async () => {
    const signals: AbortSignal[] = [];
    const plain = (x: number): number => (signals.push(hostCallSignal()), x);
    const instance = await launch("host", { imports: hostApi({ plain }) });
    await instance.call("call-plain", [1]);
    await instance.call("call-plain", [1]);
    await instance[Symbol.asyncDispose]();
    expect(signals).toHaveLength(2);
    expect(signals[0]).not.toBe(signals[1]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  });

  it("asks for its signal before it first awaits", async () => {
    expect(() => hostCallSignal()).toThrow(NoHostCallError);
    const instance = await launch("host", { imports: hostApi({ plain: askTooLate }) });
    expect(await rejectionOf(instance.call("call-plain", [1]))).toMatchObject({ cause: expect.any(NoHostCallError) });
  });
});

describe("a call on another thread", () => {
  it("ends when its caller gives up, whatever the guest does", async () => {
    const instance = await launch("hostile", { imports: hostApi(), limits: { deadlineMs: undefined } });
    const controller = new AbortController();
    const reason = new Error("enough");
    const call = rejectionOf(instance.call("spin", [], { signal: controller.signal }));
    for (let round = 0; round < 10; round += 1) await nextRound();
    controller.abort(reason);
    const error = await call;
    expect(error).toBeInstanceOf(CallAbortedError);
    expect(error).toMatchObject({ cause: reason, function: "spin" });
    expect(await rejectionOf(instance.call("count", [1]))).toMatchObject({
      code: "ENGINE_INSTANCE_DEAD",
      cause: error,
    });
  });

  it("ends when the instance is disposed, whatever the guest does", async () => {
    const instance = await launch("hostile", { imports: hostApi(), limits: { deadlineMs: undefined } });
    const call = rejectionOf(instance.call("spin"));
    await nextRound();
    await instance[Symbol.asyncDispose]();
    expect(await call).toBeInstanceOf(InstanceDeadError);
  });

  it("tells what was known when the thread was ended: the fuel at the last call of the host", async () => {
    const host = pausing();
    const instance = await timed.launch("host", { imports: hostApi(host), limits: { deadlineMs: 20 } });
    const call = rejectionOf(instance.call("call-plain", [1]));
    await host.entered;
    milliseconds += 25;
    expect(await call).toBeInstanceOf(DeadlineExceededError);
    // Entering the function, taking its parameter, and calling the host.
    expect(instance.lastCall).toEqual({
      fuel: 3,
      wallMs: 25,
      idleMs: expect.any(Number),
      peakMemoryBytes: 65_536,
      unfinishedHostCalls: 1,
    });
    host.finish(0);
  });

  it("is measured by the clock of the engine", async () => {
    const before = milliseconds;
    const options = { imports: { "": { tick: () => void (milliseconds += 100) } }, limits: { deadlineMs: 1_000 } };
    const instance = await timed.launch("hostile", options);
    expect(await rejectionOf(instance.call("spin-on-host"))).toMatchObject({
      code: "ENGINE_DEADLINE_EXCEEDED",
      elapsedMs: 1_000,
    });
    expect(milliseconds - before).toBe(1_000);
  });

  it("does not outlive the engine", async () => {
    const instance = await brief.launch("hostile", { imports: hostApi(), limits: { deadlineMs: undefined } });
    const call = rejectionOf(instance.call("spin"));
    await nextRound();
    await brief.engine[Symbol.asyncDispose]();
    expect(await call).toBeInstanceOf(EngineClosedError);
    expect(brief.engine.workers).toEqual({ total: 0, idle: 0 });
    expect(await rejectionOf(instance.call("spin"))).toMatchObject({ code: "ENGINE_INSTANCE_DEAD" });
    expect(await rejectionOf(brief.launch("basic"))).toBeInstanceOf(EngineClosedError);
  });
});

describe("what does not fit through the border", () => {
  it("is refused when it is launched, by the names of the function and the resource", async () => {
    const options = { imports: { "test:host/waiting@1.0.0": { waitFor: () => true, now: () => 0n } } };
    const error = await rejectionOf(launch("pollable-for-host", options));
    expect(error).toBeInstanceOf(UncrossableTypeError);
    expect(error).toMatchObject({ uses: ["test:host/waiting@1.0.0#wait-for: resource wasi:io/poll@0.2.0#pollable"] });
  });

  it("may stay where it is: resources of WASI that only the guest meets", async () => {
    const instance = await launch("pollables");
    expect(await instance.call("take-and-drop", [10])).toEqual({ ok: true, value: undefined });
  });

  it("is told by the name of the setting when a setting of WASI cannot be copied", async () => {
    const env: Record<string, string> = { A: "a" };
    Reflect.set(env, "F", () => undefined);
    expect(await rejectionOf(launch("wasi", { wasi: { env } }))).toMatchObject({
      code: "ENGINE_BAD_OPTION",
      option: "wasi",
    });
  });
});

describe("a setting of WASI on another thread", () => {
  it("may be a directory of the host, which the thread opens for itself", async () => {
    const files = new HostFileSystem(temporaryDirectory());
    const wasi = { preopens: [{ guestPath: "/data", files, access: "read" as const }] };
    const [without, granted] = [await launch("directories"), await launch("directories", { wasi })];
    expect([await without.call("open"), await granted.call("open")]).toEqual([
      { ok: true, value: 0 },
      { ok: true, value: 1 },
    ]);
  });

  it("is blamed when it returns what cannot be copied, at once or later", async () => {
    for (const random of [() => Symbol("no bytes"), async () => Symbol("no bytes")]) {
      const instance = await launch("wasi", { wasi: Object({ random }) });
      expect(await rejectionOf(instance.call("random-u64"))).toMatchObject({
        code: "ENGINE_HOST_FUNCTION",
        function: "random",
      });
    }
  });
});

describe("a thread for guests", () => {
  it("loads nothing but the engine's own code: none of the tools that prepare components", () => {
    const libraries = new Set<string>();
    const seen = new Set<string>();
    const waiting = [new URL("../../src/isolation/guest-thread.ts", import.meta.url).href];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      for (const [, specifier = ""] of readFileSync(new URL(file), "utf8").matchAll(/\bfrom "([^"]+)"/g)) {
        if (specifier.startsWith(".")) waiting.push(new URL(specifier, file).href);
        else if (!specifier.startsWith("node:")) libraries.add(specifier);
      }
    }
    expect(seen.size).toBeGreaterThan(10);
    expect([...libraries]).toEqual([]);
  });

  it("runs what the host compiled, without compiling it again", async () => {
    const bytes = await fixture("basic");
    const digest = digestOf(bytes);
    const artifact = await transpileComponent(digest, bytes, DEFAULT_ENGINE_OPTIONS.maxFunctions);
    const { copy } = await loadArtifact(digest, artifact, join(temporaryDirectory(), "artifact"));
    const { code, codeCache, modules } = copy();
    const thread = new Worker(
      `const { parentPort, workerData: { code, codeCache, modules } } = require("node:worker_threads");
       const { cachedDataRejected } = new (require("node:vm").Script)(code, { cachedData: codeCache });
       const areCompiled = modules.every(({ compiled }) => compiled instanceof WebAssembly.Module);
       parentPort.postMessage({ cachedDataRejected, areCompiled });`,
      { eval: true, workerData: { code, codeCache, modules }, resourceLimits: { stackSizeMb: 4 } },
    );
    const [seen]: unknown[] = await once(thread, "message");
    expect(seen).toEqual({ cachedDataRejected: false, areCompiled: true });
    await thread.terminate();
  });
});
