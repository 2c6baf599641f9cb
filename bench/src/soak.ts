// `pnpm bench:soak [--minutes 60] [--every-seconds 60]`: lets a system live at a modest pace, and says whether its memory stays
// as it is and whether every message came to something.
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ActorSystem } from "@airssys/rt";
import { events } from "./soak/events.ts";
import { failures } from "./soak/failures.ts";
import { Ledger } from "./soak/ledger.ts";
import { lives } from "./soak/lives.ts";
import { questions } from "./soak/questions.ts";
import { printEnd, printHeader, printSample } from "./soak/report.ts";
import { sample, type Sample } from "./soak/sample.ts";
import type { Scene } from "./soak/scene.ts";
import { trendOf, verdictOn } from "./soak/trend.ts";

const scenes: readonly Scene[] = [lives, failures, questions, events].flat();

/** Fifty beats a second at most: some four thousand messages, and less than a fifth of a core. */
const BEAT_MS = 20;
/** By then nothing is under way any more: no deadline, delay or quota in any scene is longer. */
const QUIET_WITHIN_MS = 10_000;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    "every-seconds": { type: "string", default: "60" },
  },
});
const endsAfterMs = Number(values.minutes) * 60_000;
const everyMs = Number(values["every-seconds"]) * 1000;
if (!(endsAfterMs > 0 && everyMs > 0)) throw new RangeError("--minutes and --every-seconds are numbers above 0");

const system = new ActorSystem("soak", { log: false });
const ledger = new Ledger(system);
const beats = await Promise.all(scenes.map((scene) => scene({ system, ledger })));
const samples: Sample[] = [];
const startedAt = performance.now();
const elapsedMs = (): number => performance.now() - startedAt;

const interruption = new AbortController();
process.once("SIGINT", () => interruption.abort());

printHeader();
for (let beat = 1; elapsedMs() < endsAfterMs && !interruption.signal.aborted; beat += 1) {
  for (const perform of beats) perform(beat);
  await setTimeout(BEAT_MS);
  if (elapsedMs() < (samples.length + 1) * everyMs) continue;
  const latest = await sample(system, ledger, startedAt);
  samples.push(latest);
  printSample(latest);
}

const quietBy = performance.now() + QUIET_WITHIN_MS;
while (ledger.missing(system) !== 0 && performance.now() < quietBy) await setTimeout(BEAT_MS);
const missing = ledger.missing(system);
const secondHalf = samples.slice(Math.floor(samples.length / 2));
const trend = trendOf(secondHalf.map(({ minute, heapBytes }) => ({ minute, bytes: heapBytes })));
const verdict = verdictOn(trend, secondHalf.length);
await system.shutdown();
printEnd({ trend, verdict, samples: secondHalf.length, missing, ledger });
if (verdict === "growing" || missing !== 0 || ledger.surprises.length > 0) process.exitCode = 1;
