import { JAVASCRIPT_KERNELS, javascriptKernels, RUN } from "../../../packages/engine/test/javascript-kernels.ts";
import type { TimedWorkload } from "../workload.ts";
import { builtOnce } from "./built-once.ts";
import { metered } from "./metered-work.ts";

const source = new URL("../../../packages/engine/test/javascript-kernels.ts", import.meta.url);

/** What the kernels answer, each with its size. */
const ANSWERS: Readonly<Record<string, string>> = {
  recursion: "2584",
  objects: "3352",
  text: "463",
  numbers: "3330030614141.421356",
  failures: "70628",
  collections: "333046",
};

/** A hundred milliseconds of the mean of them. */
const CALLS = 15;

/** A JavaScript engine as a guest: an interpreter, whose one large function leans on everything at once. */
export const javascriptWorkloads: readonly TimedWorkload[] = Object.entries(JAVASCRIPT_KERNELS).map(([name, size]) =>
  metered({
    name: `quickjs-${name}`,
    guest: () => builtOnce("quickjs-kernels", [source], javascriptKernels),
    fn: RUN,
    args: [name, size],
    answer: ANSWERS[name],
    operations: CALLS,
    means: ["quickjs", "metering"],
  }),
);
