import type { CallUsage } from "@airssys/engine";
import type { ComponentHooks, HookSubject } from "./component-hooks.ts";
import { ComponentLifecycle } from "./component-lifecycle.ts";
import type { ExecutionState } from "./execution.ts";
import type { Replacement } from "./replacement.ts";
import type { Snapshot } from "./snapshot.ts";

/** The incarnation of a component that runs now. */
export interface RunningComponent {
  readonly execution: ExecutionState;
  readonly lastCall: CallUsage | undefined;
  /** Takes over the code of another version between two messages. */
  replace(replacement: Replacement): void;
}

/** What stays of a component over all its incarnations. */
export class ComponentLife {
  readonly lifecycle: ComponentLifecycle;
  readonly hooks: ComponentHooks;
  running: RunningComponent | undefined;
  #lastCall: CallUsage | undefined;
  /** What the next instance goes on from. */
  snapshot: Snapshot | undefined;
  /** The update that waits for its turn. */
  #replacement: Replacement | undefined;

  constructor(address: string, hooks: ComponentHooks) {
    this.lifecycle = new ComponentLifecycle(address);
    this.hooks = hooks;
  }

  /** What the last call into an instance took, also when that instance is gone. */
  get lastCall(): CallUsage | undefined {
    return this.running?.lastCall ?? this.#lastCall;
  }

  /** An instance runs. What it went on from is used up, unless snapshots are taken as it runs. */
  started(running: RunningComponent): void {
    this.running = running;
    this.lifecycle.take("started");
  }

  /** @throws IllegalTransitionError when it does not run, or is being updated */
  update(replacement: Replacement): void {
    if (this.lifecycle.can("update")) this.#replacement = replacement;
    this.lifecycle.take("update");
    this.running?.replace(replacement);
  }

  /** The update is over, one way or the other. */
  updated(step: "updated" | "rolled-back"): void {
    this.#replacement = undefined;
    if (this.lifecycle.can(step)) this.lifecycle.take(step);
  }

  /** The incarnation is over: an update that waited for its turn will not come. */
  ended(step: "fail" | "stopped", subject: HookSubject, why: unknown): void {
    this.#lastCall = this.lastCall;
    this.running = undefined;
    if (this.lifecycle.can(step)) this.lifecycle.take(step);
    if (step === "fail") this.hooks.onError?.(subject, why);
    this.#replacement?.abandon(why);
    this.#replacement = undefined;
  }
}
