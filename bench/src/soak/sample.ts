import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ActorSystem, TreeNode } from "@airssys/rt";
import type { Ledger } from "./ledger.ts";

/** How a system is at some moment, after a garbage collection. */
export interface Sample {
  readonly minute: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Of one core, since the process started. */
  readonly cpuShare: number;
  /** Timers, sockets and the like that keep the process alive. */
  readonly handles: number;
  readonly actors: number;
  readonly sent: number;
  readonly handled: number;
  readonly deadLetters: number;
  /** Neither handled nor lost, nor in a mailbox: what is at hand, or waits for a quota or its next attempt. */
  readonly underWay: number;
}

/** The collector, also where Node was not started with a flag for it. */
function collector(): () => void {
  if (globalThis.gc !== undefined) return globalThis.gc;
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

const collect = collector();

export async function sample(system: ActorSystem, ledger: Ledger, startedAt: number): Promise<Sample> {
  collect();
  // What finalizers let go of is garbage only afterwards.
  await setImmediate();
  collect();
  const { heapUsed: heapBytes, rss: rssBytes } = process.memoryUsage();
  const { user, system: kernel } = process.cpuUsage();
  return {
    minute: (performance.now() - startedAt) / 60_000,
    heapBytes,
    rssBytes,
    cpuShare: (user + kernel) / 1000 / performance.now(),
    handles: process.getActiveResourcesInfo().length,
    actors: actorsIn(system.tree()) - 1,
    sent: ledger.sent,
    handled: ledger.handled,
    deadLetters: system.deadLetters.total,
    underWay: ledger.missing(system),
  };
}

function actorsIn({ kind, children }: TreeNode): number {
  return children.reduce((sum, child) => sum + actorsIn(child), kind === "actor" ? 1 : 0);
}
