import { ConformanceError } from "../errors.ts";
import type { Store } from "../store.ts";

/** A store that holds nothing, with what a test of it needs. Disposing of it closes the store, which may be closed already. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: Store;
  /** Closes the store and opens it anew, with what was acknowledged. Only for a store that outlives its process. */
  readonly reopen?: () => Promise<Store>;
}

/** Something that every store does. */
export interface Rule {
  /** Whose rule it is: `a batch`. */
  readonly of: string;
  /** In the words of the manual: `is written as one or not at all`. */
  readonly says: string;
  readonly holds: (under: StoreUnderTest) => Promise<void>;
}

/** @throws ConformanceError unless both are the same when written as JSON */
export function expectSame(what: string, found: unknown, expected: unknown): void {
  const [foundText, expectedText] = [JSON.stringify(found) ?? "undefined", JSON.stringify(expected) ?? "undefined"];
  if (foundText !== expectedText) throw new ConformanceError(what, expectedText, foundText);
}

/** @throws ConformanceError unless `act` rejects, or throws, an error that has the code */
export async function expectCode(what: string, code: string, act: () => unknown): Promise<void> {
  let found: unknown = "no error";
  try {
    await act();
  } catch (error) {
    found = error instanceof Error && "code" in error ? error.code : error;
  }
  if (found !== code) throw new ConformanceError(what, code, String(found));
}
