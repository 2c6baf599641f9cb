import { performance } from "node:perf_hooks";
import { erlangGauge } from "../erlang.ts";
import { everyTroupe, openTroupe, type TroupeName, withYieldingEffect } from "../played.ts";
import { delayValue, quantile } from "../quantile.ts";
import type { Asker } from "../troupe.ts";
import type { GaugedSubject, GaugedWorkload } from "../workload.ts";
import { Pairs } from "./pairs.ts";

/** Enough to know the slowest hundredth, and soon asked. */
const MOST_QUESTIONS = 1_000_000;

/** Asks one question after another for some time, and resolves to how long each took, in microseconds. */
async function latencies(asker: Asker, durationMs: number): Promise<readonly number[]> {
  const all: number[] = [];
  let before = performance.now();
  const endsAt = before + durationMs;
  await asker.ask(() => {
    const now = performance.now();
    all.push((now - before) * 1000);
    // Read again, so that keeping the figure is not part of the next.
    before = performance.now();
    return now < endsAt && all.length < MOST_QUESTIONS;
  });
  return all;
}

function asking(name: TroupeName, isSaturated: boolean): GaugedSubject {
  return {
    name,
    gauge: async (durationMs) => {
      const troupe = openTroupe(name);
      const clerk = troupe.spawnClerk();
      await latencies(clerk, durationMs / 4);
      const pairs = new Pairs(troupe);
      globalThis.gc?.();
      const asked = latencies(clerk, durationMs);
      if (isSaturated) pairs.start(durationMs);
      const all = await asked;
      await troupe.close();
      return [0.5, 0.99].map((share) =>
        isSaturated ? delayValue(all, share, durationMs) : { value: quantile(all, share) },
      );
    },
  };
}

/** One question after another in a system that does nothing else; a figure is a time from question to reply. */
export const askLatency: GaugedWorkload = {
  suite: "rt",
  name: "ask-latency",
  figures: [
    { name: "ask-p50", unit: "us" },
    { name: "ask-p99", unit: "us" },
  ],
  size: 1000,
  smallest: 50,
  subjects: [...everyTroupe.map((name) => asking(name, false)), erlangGauge("questions latency")],
};

/** The same while fifty pairs of actors send to each other without rest. */
export const askSaturated: GaugedWorkload = {
  suite: "rt",
  name: "ask-latency-saturated",
  figures: [
    { name: "ask-saturated-p50", unit: "us" },
    { name: "ask-saturated-p99", unit: "us" },
  ],
  size: 2000,
  smallest: 50,
  subjects: [...withYieldingEffect.map((name) => asking(name, true)), erlangGauge("questions latency_saturated")],
};
