import { compareWithModel } from "./random-calls.ts";
import type { Rule } from "./rule.ts";
import { seededRandom } from "./seeded-random.ts";

const SEEDS = [1, 2, 3, 4] as const;
const CALLS = 300;

/** Whatever is called, in whatever order. */
export const randomRules: readonly Rule[] = SEEDS.map((seed) => ({
  of: "any calls",
  says: `are answered as a model of a few lines answers them (seed ${seed})`,
  holds: ({ store }) => compareWithModel(store, seededRandom(seed), CALLS),
}));
