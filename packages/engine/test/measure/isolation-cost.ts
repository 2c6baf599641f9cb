import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import {
  Engine,
  type Isolation,
  type LaunchOptions,
  type PreparedComponent,
  type RunningInstance,
} from "../../src/index.ts";
import { javascriptKernels } from "../javascript-kernels.ts";

/*
 * What a thread of its own costs an instance: to start, in memory, and for each call in either direction.
 * `node --expose-gc packages/engine/test/measure/isolation-cost.ts`
 */

// As a published package would be: without stripping types in every thread.
enableCompileCache();

const LAUNCHES = 15;
const CALLS = 5_000;
const WORKERS = 10;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

const collect: () => void = Reflect.get(globalThis, "gc") ?? (() => undefined);

const directory = mkdtempSync(join(tmpdir(), "airssys-measure-"));
const fixture = (name: string): Promise<Uint8Array> =>
  parse(readFileSync(new URL(`../fixtures/${name}.wat`, import.meta.url), "utf8"));
const engineWith = (idle: number): Engine => new Engine({ cacheDirectory: directory, workers: { idle, most: 64 } });

const imports = {
  "test:host/api@1.0.0": { plain: (x: number) => x, tryIt: (x: number) => x },
  "": { beat: () => 9, tick: () => undefined },
};

async function launchTimes(
  component: PreparedComponent,
  options: LaunchOptions,
  before: () => Promise<unknown>,
): Promise<number> {
  const times: number[] = [];
  for (let launch = 0; launch < LAUNCHES; launch += 1) {
    await before();
    let instance: RunningInstance | undefined;
    times.push(
      await timed(async () => {
        instance = await component.launch(options);
      }),
    );
    await instance?.[Symbol.asyncDispose]();
  }
  return median(times);
}

async function perCall(
  instance: RunningInstance,
  name: string,
  args: readonly unknown[],
  calls: number,
): Promise<number> {
  for (let call = 0; call < calls / 5; call += 1) await instance.call(name, args);
  const ms = await timed(async () => {
    for (let call = 0; call < calls; call += 1) await instance.call(name, args);
  });
  return (ms / calls) * 1_000;
}

const line = (what: string, figure: string): void => console.log(`${what.padEnd(58)} ${figure.padStart(12)}`);

const bytes = {
  small: await fixture("basic"),
  host: await fixture("host"),
  JavaScript: await javascriptKernels("quickjs"),
};

{
  await using engine = engineWith(0);
  for (const name of ["small", "JavaScript"] as const) {
    const component = await engine.prepare(bytes[name]);
    const shared = await launchTimes(component, { isolation: "shared" }, async () => undefined);
    line(`launch, ${name} guest, shared`, `${shared.toFixed(2)} ms`);
    const cold = await launchTimes(component, { isolation: "worker" }, async () => undefined);
    line(`launch, ${name} guest, worker started for it`, `${cold.toFixed(1)} ms`);
  }
}
{
  await using engine = engineWith(1);
  for (const name of ["small", "JavaScript"] as const) {
    const component = await engine.prepare(bytes[name]);
    const warm = await launchTimes(component, { isolation: "worker" }, () => engine.warmUp());
    line(`launch, ${name} guest, idle worker`, `${warm.toFixed(1)} ms`);
  }
}
{
  await using engine = engineWith(0);
  const component = await engine.prepare(bytes.small);
  const first = await component.launch({ isolation: "worker" });
  collect();
  await pause(500);
  const before = process.memoryUsage.rss();
  const instances = await Promise.all(Array.from({ length: WORKERS }, () => component.launch({ isolation: "worker" })));
  collect();
  await pause(500);
  line(
    "memory of a worker with a small guest",
    `${((process.memoryUsage.rss() - before) / WORKERS / 2 ** 20).toFixed(1)} MiB`,
  );
  await Promise.all([first, ...instances].map((instance) => instance[Symbol.asyncDispose]()));
}
{
  await using engine = engineWith(0);
  const component = await engine.prepare(bytes.host);
  const levels: readonly Isolation[] = ["shared", "worker"];
  for (const isolation of levels) {
    const instance = await component.launch({ isolation, imports });
    const withHostCall = await perCall(instance, "call-plain", [7], CALLS);
    line(`a call that calls the host once, ${isolation}`, `${withHostCall.toFixed(1)} µs`);
    await instance[Symbol.asyncDispose]();
  }
  const small = await engine.prepare(bytes.small);
  for (const isolation of levels) {
    const instance = await small.launch({ isolation });
    line(`a call, ${isolation}`, `${(await perCall(instance, "add", [20, 22], CALLS)).toFixed(1)} µs`);
    await instance[Symbol.asyncDispose]();
  }
}
rmSync(directory, { recursive: true });
