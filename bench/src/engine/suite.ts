import type { Workload } from "../workload.ts";
import { componentCall } from "./component-call.ts";
import { componentInstantiate } from "./component-instantiate.ts";
import { componentRestart } from "./component-restart.ts";

export const workloads: readonly Workload[] = [componentCall, componentInstantiate, componentRestart];
