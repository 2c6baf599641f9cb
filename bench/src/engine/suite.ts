import type { Workload } from "../workload.ts";
import { componentColdStart } from "./cold-start.ts";
import { componentCall } from "./component-call.ts";
import { componentInstantiate } from "./component-instantiate.ts";
import { componentRestart } from "./component-restart.ts";
import { componentUpdate } from "./component-update.ts";
import { digestWorkloads } from "./digest.ts";
import { componentMemory } from "./idle-memory.ts";
import { javascriptWorkloads } from "./javascript-guests.ts";
import { kernelWorkloads } from "./kernels.ts";

export const workloads: readonly Workload[] = [
  componentCall,
  componentInstantiate,
  componentRestart,
  componentColdStart,
  componentUpdate,
  componentMemory,
  ...digestWorkloads,
  ...kernelWorkloads,
  ...javascriptWorkloads,
];
