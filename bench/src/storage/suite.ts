import type { Workload } from "../workload.ts";
import { getLatency, setLatency } from "./latencies.ts";
import { get, list, set, setTogether } from "./operations.ts";

export const workloads: readonly Workload[] = [get, set, setTogether, list, getLatency, setLatency];
