import type { Workload } from "./workload.ts";

/** A suite is loaded only when it is asked for: the peers' start-up work must not disturb another suite. */
export const suites: ReadonlyMap<string, () => Promise<readonly Workload[]>> = new Map([
  ["rt", async () => (await import("./rt/suite.ts")).workloads],
  ["broker", async () => (await import("./broker/suite.ts")).workloads],
  ["engine", async () => (await import("./engine/suite.ts")).workloads],
  ["storage", async () => (await import("./storage/suite.ts")).workloads],
  ["security", async () => (await import("./security/suite.ts")).workloads],
]);
