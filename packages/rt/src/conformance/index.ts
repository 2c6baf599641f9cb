import { deliveryRules } from "./delivery-rules.ts";
import { refusalRules } from "./refusal-rules.ts";
import { routingRules } from "./routing-rules.ts";
import type { BrokerUnderTest } from "./rule.ts";

export type { BrokerUnderTest } from "./rule.ts";

/** The two functions that a test runner has, whichever it is. */
export interface TestFunctions {
  readonly describe: (name: string, body: () => void) => void;
  readonly it: (name: string, body: () => Promise<void>) => void;
}

/**
 * Declares a test for everything that a `MessageBroker` must do. Each opens a broker of its own and disposes of it.
 *
 *     testBroker(() => openMyBroker(), { describe, it });
 */
export function testBroker(open: () => Promise<BrokerUnderTest>, { describe, it }: TestFunctions): void {
  const rules = [...routingRules, ...refusalRules, ...deliveryRules];
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
