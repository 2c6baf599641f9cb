import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** What is still reachable on the heap, in bytes. */
export function heapUsed(): number {
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}

/** By how much what is reachable grows while `work` is done. What it allocates once and keeps counts too. */
export async function heapGrowth(work: () => void | Promise<void>): Promise<number> {
  const before = heapUsed();
  await work();
  return heapUsed() - before;
}
