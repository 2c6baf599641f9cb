import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  Engine,
  EngineError,
  type EngineErrorCode,
  hostCallSignal,
  type Instance,
  type WorkerOptions,
} from "../src/index.ts";
import { PooledWorker } from "../src/isolation/pooled-worker.ts";
import { fixture, freshEngine, preparer, rejectionOf, temporaryDirectory, thrownBy } from "./fixtures.ts";

const prepared = preparer();

/** Runs what must throw once an instance of the fixture is there. */
async function thrownIn(name: string, act: (instance: Instance) => unknown): Promise<unknown> {
  const instance = (await prepared(name)).instantiate();
  return thrownBy(() => act(instance));
}

async function thrownInHostile(
  limits: { fuelPerCall?: number; deadlineMs?: number; tableElements?: number },
  name: string,
  tick: (instance: Instance | undefined) => void = () => undefined,
): Promise<unknown> {
  const component = await prepared("hostile");
  let instance: Instance | undefined;
  return thrownBy(() => {
    instance = component.instantiate({ limits, imports: { "": { tick: () => tick(instance) } } });
    instance.call(name);
  });
}

/** What happens to an instance of the fixture on a thread of its own, or to its launch. */
async function rejectedOnWorker(
  name: string,
  workers: WorkerOptions,
  imports: Readonly<Record<string, object>>,
  call?: string,
  args: readonly unknown[] = [],
): Promise<unknown> {
  await using engine = freshEngine({ workers });
  const component = await engine.prepare(await fixture(name));
  const options = { isolation: "worker", imports, limits: { memoryBytes: 4 * 2 ** 20 } } as const;
  return await rejectionOf(
    component.launch(options).then(async (instance) => {
      if (call !== undefined) return instance.call(call, args);
      return component.launch(options);
    }),
  );
}

/** The one that is not provoked takes all of the address space; it has a test file, and so a process, of its own. */
type Provoked = Exclude<EngineErrorCode, "ENGINE_MEMORY_UNAVAILABLE">;

const thrown: Readonly<Record<Provoked, () => Promise<unknown>>> = {
  ENGINE_BAD_OPTION: async () => thrownBy(() => new Engine({ cacheDirectory: "" })),
  ENGINE_NOT_A_COMPONENT: () => rejectionOf(freshEngine().prepare(new Uint8Array())),
  ENGINE_CORRUPT_COMPONENT: async () => rejectionOf(freshEngine().prepare((await fixture("basic")).subarray(0, 20))),
  ENGINE_COMPONENT_TOO_LARGE: async () =>
    rejectionOf(freshEngine({ maxModuleBytes: 8 }).prepare(await fixture("basic"))),
  ENGINE_TOO_MANY_FUNCTIONS: async () => rejectionOf(freshEngine({ maxFunctions: 1 }).prepare(await fixture("basic"))),
  ENGINE_UNSUPPORTED_COMPONENT: async () => rejectionOf(freshEngine().prepare(await fixture("shared-memory"))),
  ENGINE_PREPARATION_FAILED: async () =>
    rejectionOf(freshEngine({ prepareTimeoutMs: 1 }).prepare(await fixture("basic"))),
  ENGINE_CACHE: async () => {
    const cacheDirectory = join(temporaryDirectory(), "file");
    writeFileSync(cacheDirectory, "");
    return rejectionOf(new Engine({ cacheDirectory }).prepare(await fixture("basic")));
  },
  ENGINE_UNKNOWN_IMPORT: async () => {
    const component = await prepared("host");
    return thrownBy(() => component.instantiate());
  },
  ENGINE_UNKNOWN_EXPORT: () => thrownIn("basic", (instance) => instance.call("subtract", [1, 2])),
  ENGINE_BAD_ARGUMENT: () => thrownIn("basic", (instance) => instance.call("add", [1, "2"])),
  ENGINE_COMPONENT_TRAP: async () => {
    const component = await prepared("start-trap");
    return thrownBy(() => component.instantiate());
  },
  ENGINE_MEMORY_LIMIT: async () => {
    const component = await prepared("memory");
    return thrownBy(() => component.instantiate({ limits: { memoryBytes: 0 } }));
  },
  ENGINE_FUEL_EXHAUSTED: () => thrownInHostile({ fuelPerCall: 1_000 }, "spin"),
  ENGINE_DEADLINE_EXCEEDED: () => thrownInHostile({ deadlineMs: 1 }, "spin"),
  ENGINE_STACK_DEPTH: () => thrownInHostile({}, "mutual"),
  ENGINE_TABLE_LIMIT: () => thrownInHostile({ tableElements: 1 }, "spin"),
  ENGINE_HANDLE_LIMIT: () => thrownIn("pollables", (instance) => instance.call("hold", [100_000])),
  ENGINE_VALUE_LIMIT: async () => {
    const component = await prepared("giant");
    const instance = component.instantiate({
      imports: { "": { tell: () => undefined } },
      limits: { valueBytes: 1_000 },
    });
    return thrownBy(() => instance.call("texts", [10, 1_000]));
  },
  ENGINE_HOST_FUNCTION: () =>
    thrownInHostile({}, "spin-on-host", () => {
      throw new TypeError("a bug of the host");
    }),
  ENGINE_BLOCKING_WAIT: () => thrownIn("pollables", (instance) => instance.call("wait")),
  ENGINE_EXIT: () => thrownIn("wasi", (instance) => instance.call("exit", [true])),
  ENGINE_CALL_ABORTED: async () => {
    const instance = await (await prepared("basic")).launch({ isolation: "shared" });
    return rejectionOf(instance.call("add", [1, 2], { signal: AbortSignal.abort() }));
  },
  ENGINE_NO_HOST_CALL: async () => thrownBy(hostCallSignal),
  ENGINE_INSTANCE_DEAD: () =>
    thrownIn("basic", (instance) => {
      instance[Symbol.dispose]();
      instance.call("add", [1, 2]);
    }),
  ENGINE_WORKER_LOST: async () => {
    const worker = new PooledWorker();
    const lost = Promise.withResolvers<unknown>();
    await worker.ready();
    worker.belongTo({ received: () => undefined, lost: lost.resolve });
    await worker.end();
    return lost.promise;
  },
  ENGINE_WORKERS_TAKEN: () => rejectedOnWorker("basic", { most: 1 }, {}),
  ENGINE_WORKER_MEMORY: () =>
    rejectedOnWorker("hostile", { memoryBytes: 1 }, { "": { tick: () => undefined } }, "spin"),
  ENGINE_UNCROSSABLE_TYPE: () =>
    rejectedOnWorker("pollable-for-host", {}, { "test:host/waiting@1.0.0": { waitFor: () => true, now: () => 0n } }),
  ENGINE_VALUE_TOO_LARGE: () =>
    rejectedOnWorker("giant", { messageBytes: 1_000 }, { "": { tell: () => undefined } }, "texts", [10, 1_000]),
  ENGINE_CLOSED: async () => {
    const engine = freshEngine();
    const component = await engine.prepare(await fixture("basic"));
    await engine[Symbol.asyncDispose]();
    return rejectionOf(component.launch({ isolation: "worker" }));
  },
  ENGINE_REENTRANT_CALL: async () => {
    let refused: unknown;
    await thrownInHostile({ fuelPerCall: 1_000 }, "spin-on-host", (instance) => {
      refused ??= thrownBy(() => instance?.call("spin"));
    });
    return refused;
  },
};

describe("an error of this package", () => {
  for (const [code, provoke] of Object.entries(thrown)) {
    it(`has a code of its own, and its class as name: ${code}`, async () => {
      const error = await provoke();
      expect(error).toBeInstanceOf(EngineError);
      expect(error).toMatchObject({ code, name: Object(error).constructor.name });
    });
  }

  it("is in the README's table, and the table has no other", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const documented = Array.from(readme.matchAll(/^\| `(ENGINE_[A-Z_]+)` /gm), ([, code]) => code);
    expect(new Set(documented)).toEqual(new Set([...Object.keys(thrown), "ENGINE_MEMORY_UNAVAILABLE"]));
    expect(new Set(documented).size).toBe(documented.length);
  });
});
