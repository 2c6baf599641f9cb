import type { ActorSystem } from "../actor-system.ts";
import { ConformanceError } from "../errors.ts";
import type { MessageBroker } from "../message-broker.ts";

/** A broker with what a test of it needs. Nobody may be limited or subscribed yet. */
export interface BrokerUnderTest extends AsyncDisposable {
  readonly broker: MessageBroker;
  /** Where the actors live that the broker sends to, and where its dead letters go. */
  readonly system: ActorSystem;
  /** Resolves when everything sent has been handled or is a dead letter, or waits for time to pass. */
  readonly settled: () => Promise<void>;
  /** Moves the broker's time on, and then settles. */
  readonly advance: (ms: number) => Promise<void>;
}

/** Something that every message broker does. */
export interface Rule {
  /** Whose rule it is: `a send`. */
  readonly of: string;
  /** In the words of the manual: `reaches an actor by its name or its ref`. */
  readonly says: string;
  readonly holds: (under: BrokerUnderTest) => Promise<void>;
}

/** @throws ConformanceError unless both are the same when written as JSON */
export function expectSame(what: string, found: unknown, expected: unknown): void {
  const [foundText, expectedText] = [JSON.stringify(found) ?? "undefined", JSON.stringify(expected) ?? "undefined"];
  if (foundText !== expectedText) throw new ConformanceError(what, expectedText, foundText);
}

/** @throws ConformanceError unless `act` throws, or rejects with, an error that has the code */
export async function expectCode(what: string, code: string, act: () => unknown): Promise<void> {
  let found: unknown = "no error";
  try {
    await act();
  } catch (error) {
    found = error instanceof Error && "code" in error ? error.code : error;
  }
  if (found !== code) throw new ConformanceError(what, code, String(found));
}
