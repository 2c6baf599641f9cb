import type { Workload } from "../workload.ts";
import { ask } from "./ask.ts";
import { backlog } from "./backlog.ts";
import { pingPong } from "./ping-pong.ts";
import { restart } from "./restart.ts";
import { spawning } from "./spawn.ts";
import { spawnStop } from "./spawn-stop.ts";
import { tell } from "./tell.ts";

export const workloads: readonly Workload[] = [tell, backlog, pingPong, ask, spawning, spawnStop, restart];
