import { batchRules } from "./batch-rules.ts";
import { durabilityRules } from "./durability-rules.ts";
import { entryRules } from "./entry-rules.ts";
import { listRules } from "./list-rules.ts";
import { namespaceRules } from "./namespace-rules.ts";
import { quotaRules } from "./quota-rules.ts";
import { randomRules } from "./random-rules.ts";
import type { StoreUnderTest } from "./rule.ts";

export { compareWithModel } from "./random-calls.ts";
export type { StoreUnderTest } from "./rule.ts";
export { type Random, seededRandom } from "./seeded-random.ts";

/** The two functions that a test runner has, whichever it is. */
export interface TestFunctions {
  readonly describe: (name: string, body: () => void) => void;
  readonly it: (name: string, body: () => Promise<void>) => void;
}

export interface StoreClaims {
  /** What is acknowledged is there when the store is opened anew: `reopen` of every store under test does that. */
  readonly isDurable: boolean;
}

/**
 * Declares a test for everything that a `Store` must do. Each opens a store of its own, empty, and disposes of it.
 *
 *     testStore(() => openMyStore(), { describe, it }, { isDurable: true });
 */
export function testStore(
  open: () => Promise<StoreUnderTest>,
  { describe, it }: TestFunctions,
  { isDurable }: StoreClaims,
): void {
  const always = [...namespaceRules, ...entryRules, ...listRules, ...quotaRules, ...batchRules, ...randomRules];
  const rules = isDurable ? [...always, ...durabilityRules] : always;
  for (const subject of new Set(rules.map(({ of }) => of))) {
    describe(subject, () => {
      for (const { says, holds } of rules.filter(({ of }) => of === subject)) {
        it(says, async () => {
          await using under = await open();
          await holds(under);
        });
      }
    });
  }
}
