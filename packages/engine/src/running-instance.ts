import type { CallUsage } from "./confinement.ts";
import type { Answer } from "./instance.ts";

/** Where an instance runs: on the thread that calls it, or on one of its own. */
export type Isolation = "shared" | "worker";

export type CallResult = Answer;

/** A running component behind promises: on this thread (`shared`) or on one of its own (`worker`). */
export interface RunningInstance extends AsyncDisposable {
  readonly digest: string;
  readonly isolation: Isolation;
  readonly isAlive: boolean;
  /** Fuel, wall time and peak memory of the last call, a failed one included. */
  readonly lastCall: CallUsage;
  /** Resolves to an answer; rejects with the EngineError that ended the instance, or with one that refused the call and did no harm. */
  call(name: string, args?: readonly unknown[], options?: { readonly signal?: AbortSignal }): Promise<CallResult>;
}
