import type { StageOptions } from "./stage.ts";

/** How the components of a test are run, by a name. */
export type Way = readonly [name: string, options: StageOptions];

const atOnce: Way = ["at once", {}];
const shared: Way = ["shared", { isolation: "shared" }];
const worker: Way = ["worker", { isolation: "worker" }];

let isOnWorkers = false;

/** Has the test files that are imported from now on run their components on threads of their own. */
export function onWorkers(): void {
  isOnWorkers = true;
}

/** What a test says of these holds wherever a component runs: on this thread in the file of the test, on others in `worker.proof.test.ts`. */
export function waysToRun(): readonly Way[] {
  return isOnWorkers ? [worker] : [atOnce, shared];
}

/** Those that a virtual clock can be advanced with while calls are under way: they take no time but its own. */
export function waysOnThisThread(): readonly Way[] {
  return isOnWorkers ? [] : [atOnce, shared];
}

/** Those in which a call may wait. */
export function waysToWait(): readonly Way[] {
  return isOnWorkers ? [worker] : [shared];
}
