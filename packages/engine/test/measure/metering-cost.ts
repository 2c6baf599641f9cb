import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { Engine } from "../../src/index.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { TRANSPILE_OPTIONS } from "../../src/preparation/transpiler.ts";
import { wasm } from "../../src/webassembly.ts";
import { bareComponent } from "../bare-component.ts";
import { call, confine } from "../instrument/confined.ts";
import { JAVASCRIPT_KERNELS, javascriptKernels, RUN } from "../javascript-kernels.ts";

/*
 * What limits cost. Each kernel runs with and without them, turn by turn in one process, and the medians are compared: only ratios
 * mean anything on a shared machine. `node packages/engine/test/measure/metering-cost.ts`
 */

const ROUNDS = 31;

/** Until V8 has compiled what is hot, for the last time. */
const WARM_UP_MS = 800;

const CORE_KERNELS: Readonly<Record<string, number>> = {
  calls: 27,
  sieve: 400_000,
  hash: 1_000_000,
  matrix: 100,
  queens: 9,
  dispatch: 400_000,
  sort: 30_000,
};

function timed(act: () => unknown): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;

/** The medians of both, run in turn, in milliseconds. */
function inTurn(plain: () => unknown, limited: () => unknown): readonly [plain: number, limited: number] {
  const times: readonly [number[], number[]] = [[], []];
  const warm = performance.now() + WARM_UP_MS;
  while (performance.now() < warm) {
    plain();
    limited();
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    times[0].push(timed(plain));
    times[1].push(timed(limited));
  }
  return [median(times[0]), median(times[1])];
}

const geometricMean = (ratios: readonly number[]): number =>
  Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);

function report(name: string, plain: () => unknown, limited: () => unknown): number {
  const [without, within] = inTurn(plain, limited);
  console.log(
    `${name.padEnd(22)} ${without.toFixed(3).padStart(9)} ms  ${within.toFixed(3).padStart(9)} ms  ${(within / without).toFixed(3)}`,
  );
  return within / without;
}

const core = await parse(readFileSync(new URL("kernels.wat", import.meta.url), "utf8"));
const { exports: plainCore } = new wasm.Instance(new wasm.Module(core));
const { exports: limitedCore, confinement } = confine(core);
console.log("kernel                    without       within limits  ratio");
const coreRatios = Object.entries(CORE_KERNELS).map(([name, size]) => {
  const within = (): unknown => {
    confinement.begin();
    return call(limitedCore, name, size);
  };
  if (within() !== call(plainCore, name, size)) throw new RangeError(`${name} differs`);
  return report(name, () => call(plainCore, name, size), within);
});

const directory = mkdtempSync(join(tmpdir(), "airssys-measure-"));
const engine = new Engine({ cacheDirectory: directory });
const guest = await javascriptKernels("quickjs");
const run = (await bareComponent(guest, {})).fn(RUN);
const instance = (await engine.prepare(guest)).instantiate();
const handle = instance.exported(RUN);
const guestRatios = Object.entries(JAVASCRIPT_KERNELS).map(([name, size]) =>
  report(
    `QuickJS ${name}`,
    () => run(name, size),
    () => handle?.([name, size]),
  ),
);
console.log(
  `geometric mean: core ${geometricMean(coreRatios).toFixed(3)}, QuickJS ${geometricMean(guestRatios).toFixed(3)}, all ${geometricMean([...coreRatios, ...guestRatios]).toFixed(3)}`,
);

const adderBytes = await parse(readFileSync(new URL("../fixtures/basic.wat", import.meta.url), "utf8"));
const bareAdd = (await bareComponent(adderBytes, {})).fn("add");
const add = (await engine.prepare(adderBytes)).instantiate().exported("add");
const CALLS = 20_000;
const repeat = (act: () => unknown) => (): void => {
  for (let count = 0; count < CALLS; count += 1) act();
};
const [bare, limited] = inTurn(
  repeat(() => bareAdd(20, 22)),
  repeat(() => add?.([20, 22])),
);
console.log(
  `a call: ${((bare / CALLS) * 1e6).toFixed(0)} ns in generated code, ${((limited / CALLS) * 1e6).toFixed(0)} ns through the engine`,
);

const { files } = await transpileBytes(guest, { ...TRANSPILE_OPTIONS });
const modules = Object.entries(files)
  .filter(([name]) => name.endsWith(".wasm"))
  .map(([, bytes]) => bytes);
const size = modules.reduce((sum, bytes) => sum + bytes.length, 0);
const rewritten = modules.reduce((sum, bytes) => sum + instrument(bytes).bytes.length, 0);
const took = median(Array.from({ length: 7 }, () => timed(() => modules.map((bytes) => instrument(bytes)))));
console.log(
  `instrumenting QuickJS: ${took.toFixed(0)} ms, ${(size / 1e3 / took).toFixed(1)} MB/s, ${size} to ${rewritten} bytes (${(rewritten / size).toFixed(2)})`,
);
rmSync(directory, { recursive: true });
