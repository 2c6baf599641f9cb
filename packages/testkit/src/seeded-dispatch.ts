import type { DispatcherOptions } from "@airssys/rt";
import { seededRandom } from "./seeded-random.ts";

/**
 * Dispatcher options under which actors take turns of one message each, in an order that the seed decides: the same seed gives the
 * same interleaving. It holds for what actors do among themselves; what the world outside answers comes when it comes.
 */
export function seededDispatch(seed: number): DispatcherOptions {
  const random = seededRandom(seed);
  return {
    throughput: 1,
    // The machine's speed must have no say in who goes next.
    sliceMs: Number.POSITIVE_INFINITY,
    pick: (ready) => Math.floor(random() * ready),
  };
}
