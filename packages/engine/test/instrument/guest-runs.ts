import { createHash } from "node:crypto";
import { wasm, type WasmInstance } from "../../src/webassembly.ts";
import { decodeComponent } from "../../src/wit/component-decoder.ts";
import { qualifiedName } from "../../src/wit/wit-name.ts";
import type { WitFunction } from "../../src/wit/wit-type.ts";
import { bareComponent } from "../bare-component.ts";
import { call } from "./confined.ts";
import type { CoreWay } from "./core-ways.ts";
import { SampleHost } from "./sample-host.ts";

/** What came of one function of a guest, called a few times in an instance of its own. */
export interface GuestRun {
  /** For each call what it answered or how it trapped; a trap is the last. */
  readonly results: readonly string[];
  /** What it called of its host, in order. */
  readonly hostCalls: readonly string[];
  /** Its memories, in short; undefined when it took more of them than can be looked at. */
  readonly memories: string | undefined;
  readonly fuel: number | undefined;
}

/** A guest that can be run in different ways. */
export interface RunnableGuest {
  /** The functions that can be called without anything that only the guest itself could make. */
  readonly functions: readonly string[];
  readonly run: (fn: string, way: CoreWay) => Promise<GuestRun>;
}

const CALLS = 3;

/** A guest that is a component. Its host answers everything with samples, and WASI's clock stands still. */
export function componentGuest(bytes: Uint8Array): RunnableGuest {
  const { world } = decodeComponent(bytes);
  const { samples } = new SampleHost(world, []);
  const functions = new Map<string, WitFunction>();
  for (const { name, functions: ofInterface } of world.exports) {
    for (const fn of ofInterface) {
      if (!fn.parameters.some(({ type }) => samples.holdsHandle(type))) functions.set(qualifiedName(name, fn.name), fn);
    }
  }
  const run: RunnableGuest["run"] = async (name, way) => {
    const hostCalls: string[] = [];
    const host = new SampleHost(world, hostCalls);
    const given = (functions.get(name)?.parameters ?? []).map(({ type }) => host.samples.of(type));
    let instances: readonly WasmInstance[] = [];
    const results = await attempts(async () => {
      const { rewrite, provide } = way;
      const { fn, coreInstances } = await bareComponent(bytes, {
        imports: host.imports,
        wasi: STILL,
        rewrite,
        provide,
      });
      instances = coreInstances;
      return () => fn(name)(...given);
    });
    return { results, hostCalls, memories: digestOfMemories(instances), fuel: way.spent(instances) };
  };
  return { functions: [...functions.keys()], run };
}

const STILL = {
  clock: { now: () => 0, monotonic: () => 0n },
  random: (length: number): Uint8Array => new Uint8Array(length).fill(7),
};

/** A guest that is a core module. Its host is functions that answer one; numbers of any type are given as text. */
export function moduleGuest(bytes: Uint8Array): RunnableGuest {
  const module = new wasm.Module(bytes);
  const functions = wasm.Module.exports(module).filter(({ kind }) => kind === "function");
  const run: RunnableGuest["run"] = async (name, way) => {
    const hostCalls: string[] = [];
    const imports: Record<string, Record<string, unknown>> = {};
    for (const { module: from, name: of } of wasm.Module.imports(module)) {
      imports[from] = {
        ...imports[from],
        [of]: (...args: readonly unknown[]) => (hostCalls.push(`${of} ${args.join()}`), "1"),
      };
    }
    const instances: WasmInstance[] = [];
    const results = await attempts(async () => {
      const compiled = new wasm.Module(way.rewrite(bytes));
      const instance = new wasm.Instance(compiled, way.provide(compiled, imports));
      instances.push(instance);
      const { length }: { length: number } = Object(instance.exports[name]);
      return () => call(instance.exports, name, ...Array.from({ length }, (_, index) => String(index * 8 + 8)));
    });
    return { results, hostCalls, memories: digestOfMemories(instances), fuel: way.spent(instances) };
  };
  return { functions: functions.map(({ name }) => name), run };
}

/** Instantiates, and calls until something traps. */
async function attempts(instantiate: () => Promise<() => unknown>): Promise<string[]> {
  const results: string[] = [];
  try {
    const act = await instantiate();
    for (let time = 0; time < CALLS; time += 1) results.push(shown(answer(act)));
  } catch (thrown) {
    results.push(`trap: ${String(thrown)}`);
  }
  return results;
}

/** What a call answers with; the WIT error of a result is an answer too. */
function answer(act: () => unknown): unknown {
  try {
    return act();
  } catch (thrown) {
    if (thrown instanceof Error || thrown instanceof wasm.Exception) throw thrown;
    return { error: thrown };
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)) ?? "nothing";
}

function digestOfMemories(instances: readonly WasmInstance[]): string | undefined {
  const exported: readonly unknown[] = instances.flatMap(({ exports }) => Object.values(exports));
  const buffers = exported.map((one): unknown => Reflect.get(Object(one), "buffer")).filter(isBuffer);
  if (buffers.reduce((sum, { byteLength }) => sum + byteLength, 0) > MOST_MEMORY) return undefined;
  const hash = createHash("sha256");
  for (const buffer of buffers) hash.update(new Uint8Array(buffer));
  return hash.digest("hex").slice(0, 16);
}

const MOST_MEMORY = 64 * 2 ** 20;

function isBuffer(value: unknown): value is ArrayBuffer {
  return value instanceof ArrayBuffer;
}
