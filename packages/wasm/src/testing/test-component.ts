import { ActorSystem, type Clock } from "@airssys/rt";
import { ComponentHost, type ComponentHostOptions, type InstallOptions } from "../component-host.ts";
import type { ComponentSource } from "../component-source.ts";

import type { GuestLogLine } from "../guest-log.ts";
import { ComponentBench } from "./component-bench.ts";

export interface TestComponentOptions extends Omit<ComponentHostOptions, "writeLog"> {
  /** The machine's own unless given. With a virtual clock, time-outs are a matter of the test. */
  readonly clock?: Clock;
  /** What the component is allowed; all that its manifest asks for unless said. */
  readonly grants?: InstallOptions["grants"];
  /** Components that are there beside it, as `namespace/name`: what its `directory` shows. */
  readonly peers?: readonly string[];
  /** Where nobody runs. Everywhere else somebody takes what the component sends. */
  readonly absent?: readonly string[];
}

/** What a manifest may ask for unless an operator says otherwise. */
const usualBytes = 4_194_304;

/**
 * Starts one component on a test bench: the component itself, in the host and the actor system that it has in
 * production, and stand-ins for everybody else. Rejects like `ComponentHost.install`, and with `BenchFailureError`
 * when it does not start.
 */
export async function testComponent(
  source: ComponentSource,
  { clock, grants, peers = [], absent = [], ...hostOptions }: TestComponentOptions = {},
): Promise<ComponentBench> {
  const logs: GuestLogLine[] = [];
  const system = new ActorSystem("bench", { log: false, ...(clock === undefined ? {} : { clock }) });
  try {
    const host = new ComponentHost(system, { ...hostOptions, writeLog: (line) => logs.push(line) });
    const quotas = { isCpuMetered: clock === undefined };
    const component = await host.install(source, { quotas, ...(grants !== undefined && { grants }) });
    const peerBytes = Math.min(usualBytes, hostOptions.ceilings?.memoryBytes ?? usualBytes);
    const bench = new ComponentBench({ system, host, component, logs, absent, peerBytes });
    for (const peer of peers) await bench.addPeer(peer);
    await bench.start();
    return bench;
  } catch (error) {
    await system.shutdown();
    throw error;
  }
}
