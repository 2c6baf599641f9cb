import { performance } from "node:perf_hooks";
import { quantile } from "../quantile.ts";
import type { GaugedSubject, GaugedWorkload } from "../workload.ts";
import type { OpenShelf, Shelf } from "./shelf.ts";
import { openAirssys, openLevel, openLimit, openLmdb } from "./shelves.ts";
import { keyOf, openStocked, valueOf } from "./stocked.ts";

type Operation = (shelf: Shelf, number: number) => unknown;

const openings: readonly (readonly [string, OpenShelf])[] = [
  ["airssys", openAirssys],
  ["classic-level", openLevel],
  ["lmdb", openLmdb],
  ["limit", openLimit],
];

/** So many operations, one after another, after a tenth as many to warm up. The figures are how long the middle one took, and the slowest of a hundred. */
function subjects(operation: Operation): readonly GaugedSubject[] {
  return openings.map(([name, open]) => ({
    name,
    gauge: async (operations) => {
      const { shelf, close } = await openStocked(open);
      const all: number[] = [];
      for (let number = -Math.ceil(operations / 10); number < operations; number += 1) {
        const before = performance.now();
        await operation(shelf, Math.abs(number));
        if (number >= 0) all.push((performance.now() - before) * 1000);
      }
      await close();
      return [0.5, 0.99].map((share) => ({ value: quantile(all, share) }));
    },
  }));
}

export const getLatency: GaugedWorkload = {
  suite: "storage",
  name: "get-latency",
  figures: [
    { name: "get-p50", unit: "us" },
    { name: "get-p99", unit: "us" },
  ],
  size: 50_000,
  smallest: 50,
  subjects: subjects((shelf, number) => shelf.get(keyOf(number))),
};

export const setLatency: GaugedWorkload = {
  suite: "storage",
  name: "set-latency",
  figures: [
    { name: "set-p50", unit: "us" },
    { name: "set-p99", unit: "us" },
  ],
  size: 2000,
  smallest: 50,
  subjects: subjects((shelf, number) => shelf.set(keyOf(number), valueOf(number))),
};
