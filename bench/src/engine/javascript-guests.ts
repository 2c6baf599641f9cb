import {
  JAVASCRIPT_KERNELS,
  javascriptKernels,
  type JavaScriptEngine,
  RUN,
} from "../../../packages/engine/test/javascript-kernels.ts";
import type { TimedWorkload } from "../workload.ts";
import { builtOnce } from "./built-once.ts";
import { metered } from "./metered-work.ts";

const sources = ["javascript-kernels", "starling-monkey"].map(
  (name) => new URL(`../../../packages/engine/test/${name}.ts`, import.meta.url),
);

/** What the kernels answer, each with its size. */
const ANSWERS: Readonly<Record<string, string>> = {
  recursion: "2584",
  objects: "3352",
  text: "463",
  numbers: "3330030614141.421356",
  failures: "70628",
  collections: "333046",
};

/** How often a kernel is called in one run, about a hundred milliseconds of the mean of them, and what an engine answers in words of its own. */
const ENGINES: Readonly<Record<JavaScriptEngine, { calls: number; says?: Readonly<Record<string, string>> }>> = {
  quickjs: { calls: 15 },
  starlingmonkey: { calls: 2, says: { failures: "72628" } },
};

/** JavaScript engines as guests: interpreters, whose one large function leans on everything at once. */
export const javascriptWorkloads: readonly TimedWorkload[] = (["quickjs", "starlingmonkey"] as const).flatMap(
  (engine) =>
    Object.entries(JAVASCRIPT_KERNELS).map(([name, size]) =>
      metered({
        name: `${engine}-${name}`,
        guest: () => builtOnce(`${engine}-kernels`, sources, () => javascriptKernels(engine)),
        fn: RUN,
        args: [name, size],
        answer: ENGINES[engine].says?.[name] ?? ANSWERS[name],
        operations: ENGINES[engine].calls,
        means: [engine, "metering"],
      }),
    ),
);
