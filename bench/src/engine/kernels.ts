import type { TimedWorkload } from "../workload.ts";
import { kernelsGuest } from "./assemblyscript-guests.ts";
import { metered } from "./metered-work.ts";

/** A function of the guest with the size of its work, what it answers, and how often it is called in a run. */
export interface Kernel {
  readonly fn: string;
  readonly size: number;
  readonly answer: number;
  readonly calls: number;
}

/** Each leans on another part of a compiler: calls, loops, memory, arithmetic, branches. A call takes some milliseconds. */
export const kernels: readonly Kernel[] = [
  { fn: "fib", size: 27, answer: 196_418, calls: 20 },
  { fn: "sieve", size: 400_000, answer: 33_860, calls: 40 },
  { fn: "matrix", size: 120, answer: 25_916_402, calls: 15 },
  { fn: "sha256", size: 300_000, answer: 3_241_127_937, calls: 50 },
  { fn: "crc32", size: 1_000_000, answer: 3_135_896_186, calls: 15 },
  { fn: "quicksort", size: 50_000, answer: 3_812_909_647, calls: 25 },
  { fn: "nbody", size: 1000, answer: 169_087_605, calls: 1000 },
  { fn: "mandelbrot", size: 200, answer: 15_899, calls: 40 },
  { fn: "base64", size: 180_000, answer: 2_923_206_890, calls: 80 },
  { fn: "json", size: 6_000, answer: 26_470_593, calls: 50 },
  { fn: "spectral", size: 100, answer: 1_274_219_991, calls: 150 },
  { fn: "search", size: 150_000, answer: 50_033, calls: 20 },
];

export const kernelWorkloads: readonly TimedWorkload[] = kernels.map(({ fn, size, answer, calls }) =>
  metered({
    name: `kernel-${fn}`,
    guest: kernelsGuest,
    fn,
    args: [size],
    answer,
    operations: calls,
    means: ["kernels", "metering"],
  }),
);
