import type { CallUsage } from "./confinement.ts";
import type { Answer } from "./instance.ts";
import type { InstanceLimits } from "./limits.ts";
import type { HostImports } from "./linker.ts";
import type { WasiOptions } from "./wasi/settings.ts";

/** Where an instance runs: on the thread of its host, or on one of its own. */
export type Isolation = "shared" | "worker";

export interface LaunchOptions {
  /** `shared` by default. */
  readonly isolation?: Isolation;
  /** Functions may return promises; `hostCallSignal` tells them when nobody waits any more. */
  readonly imports?: HostImports;
  readonly limits?: InstanceLimits;
  readonly wasi?: WasiOptions;
}

export interface CallOptions {
  /** Ends the call, and with it the instance, which cannot be left in the middle of one. */
  readonly signal?: AbortSignal;
}

/** A running component behind promises: on this thread (`shared`) or on one of its own (`worker`). */
export interface RunningInstance extends AsyncDisposable {
  readonly digest: string;
  readonly isolation: Isolation;
  readonly isAlive: boolean;
  /** Fuel, wall time and peak memory of the last call, a failed one included; before the first, of launching. */
  readonly lastCall: CallUsage;
  /**
   * Resolves to an answer; rejects with the EngineError that ended the instance, or with one that refused the call and did no harm:
   * UnknownExportError, BadArgumentError, ReentrantCallError.
   */
  call(name: string, args?: readonly unknown[], options?: CallOptions): Promise<Answer>;
}
