/** Stable identifiers; add freely, never rename or reuse. */
export type TestkitErrorCode = "TESTKIT_SEED_FAILED" | "TESTKIT_INJECTED_CRASH" | "TESTKIT_INJECTED_DROP";

/** Base of every error this package throws. Match on `code`; messages may change. */
export abstract class TestkitError extends Error {
  abstract readonly code: TestkitErrorCode;
}

/** The test failed under this seed; `cause` is how. */
export class SeedFailedError extends TestkitError {
  override readonly name = "SeedFailedError";
  override readonly code = "TESTKIT_SEED_FAILED";
  readonly seed: number;

  constructor(seed: number, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(`failed under seed ${seed} (replay it with underSeeds(${seed}, …)): ${message}`, { cause });
    this.seed = seed;
  }
}

/** What an actor throws that was made to crash. */
export class InjectedCrashError extends TestkitError {
  override readonly name = "InjectedCrashError";
  override readonly code = "TESTKIT_INJECTED_CRASH";

  constructor(path: string, count: number) {
    super(`${path} was made to crash on its message ${count}`);
  }
}

/** What an asker hears whose message was dropped on purpose. */
export class InjectedDropError extends TestkitError {
  override readonly name = "InjectedDropError";
  override readonly code = "TESTKIT_INJECTED_DROP";

  constructor(path: string, count: number) {
    super(`${path} was made to drop its message ${count}`);
  }
}
