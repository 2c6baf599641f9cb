import type { Workload } from "../workload.ts";
import { audit } from "./audit.ts";
import { checkHundred, checkOne, checkTenThousand } from "./check.ts";
import { quota } from "./quota.ts";

export const workloads: readonly Workload[] = [checkOne, checkHundred, checkTenThousand, quota, audit];
