import type { Workload } from "../workload.ts";
import { ask, askTogether } from "./ask.ts";
import { askLatency, askSaturated } from "./ask-latency.ts";
import { backlog } from "./backlog.ts";
import { bankingTransfers } from "./banking.ts";
import { big } from "./big.ts";
import { chameneos } from "./chameneos.ts";
import { forkJoin } from "./fork-join.ts";
import { heap } from "./heap.ts";
import { philosophers } from "./philosophers.ts";
import { pingPong } from "./ping-pong.ts";
import { restart } from "./restart.ts";
import { restartStorm } from "./restart-storm.ts";
import { saturated } from "./saturated.ts";
import { spawning } from "./spawn.ts";
import { spawnStop } from "./spawn-stop.ts";
import { tell } from "./tell.ts";
import { threadRing } from "./thread-ring.ts";

export const workloads: readonly Workload[] = [
  tell,
  backlog,
  pingPong,
  ask,
  askTogether,
  spawning,
  spawnStop,
  restart,
  restartStorm,
  threadRing,
  forkJoin,
  chameneos,
  philosophers,
  big,
  bankingTransfers,
  heap,
  askLatency,
  askSaturated,
  saturated,
];
