import type { ActorCell } from "./actor-cell.ts";
import type { ChildList } from "./child-list.ts";
import type { ExitReason } from "./exit-reason.ts";
import type { Kernel } from "./kernel.ts";
import { type Intensity, RestartIntensity } from "./restart-intensity.ts";
import { affectedBy, type AutoShutdown, endsWith, outcomeOf, type Strategy } from "./restart-plan.ts";
import type { SupervisedChild } from "./supervised-child.ts";

/** What a restarter can have its supervisor do. */
export interface Resignation {
  /** Ends because a child left more often than allowed. */
  giveUp(child: SupervisedChild, reason: ExitReason, intensity: RestartIntensity): void;
  /** Ends in good order because of a significant child. */
  retire(reason: ExitReason): void;
}

/** How one supervisor deals with children that leave. */
export interface RestartRules {
  readonly strategy: Strategy;
  readonly intensity: Intensity;
  readonly autoShutdown: AutoShutdown;
}

interface Departure {
  readonly child: SupervisedChild;
  readonly reason: ExitReason;
  readonly turn: number;
}

/**
 * Performs what `restart-plan.ts` decides, for the children of one supervisor. Under one-for-one each child is restarted by itself,
 * whatever the others do. A group is restarted as a whole: who leaves meanwhile is heard when that is done.
 */
export class Restarter {
  readonly #kernel: Kernel<ActorCell>;
  readonly #children: ChildList;
  readonly #rules: RestartRules;
  readonly #supervisor: Resignation;
  #intensity: RestartIntensity;
  /** Settled when the group has been restarted, or the supervisor has started. */
  #busy: PromiseWithResolvers<void> | undefined;
  #unheard: Departure[] = [];
  /** The child whose next start the rest of its group waits for. */
  #leader: SupervisedChild | undefined;
  /** Goes up when the supervisor starts or stops: what was under way before then comes to nothing. */
  #epoch = 0;

  constructor(kernel: Kernel<ActorCell>, children: ChildList, rules: RestartRules, supervisor: Resignation) {
    this.#kernel = kernel;
    this.#children = children;
    this.#rules = rules;
    this.#supervisor = supervisor;
    this.#intensity = new RestartIntensity(rules.intensity);
  }

  /** The supervisor is starting its children. Where they depend on each other, nobody is heard before all have started. */
  hold(): void {
    this.halt();
    this.#intensity = new RestartIntensity(this.#rules.intensity);
    const { strategy, autoShutdown } = this.#rules;
    if (strategy !== "one-for-one" || autoShutdown !== "never") this.#busy = Promise.withResolvers<void>();
  }

  /** Goes on with those who left meanwhile. */
  release(): void {
    const busy = this.#busy;
    this.#busy = undefined;
    this.#leader = undefined;
    busy?.resolve();
    while (this.#busy === undefined) {
      const departure = this.#unheard.shift();
      if (departure === undefined) return;
      const { child, reason, turn } = departure;
      if (child.turn === turn) this.#decide(child, reason);
    }
  }

  /** The supervisor stops: nobody is restarted any more. */
  halt(): void {
    this.#epoch += 1;
    this.#unheard = [];
    this.#leader = undefined;
    this.#busy?.resolve();
    this.#busy = undefined;
  }

  get isBusy(): boolean {
    return this.#busy !== undefined;
  }

  /** Resolves when no group is being restarted. */
  async whenFree(): Promise<void> {
    while (this.#busy !== undefined) await this.#busy.promise;
  }

  left(child: SupervisedChild, reason: ExitReason): void {
    if (this.#busy === undefined) this.#decide(child, reason);
    else this.#unheard.push({ child, reason, turn: child.turn });
  }

  /** Somebody stopped the child for good. Those who waited for it to come back will not come back either. */
  overtake(child: SupervisedChild): void {
    if (this.#leader !== child || this.#busy !== undefined) return;
    this.#leader = undefined;
    for (const waiting of this.#children.inStopOrder) {
      if (waiting.state === "waiting-to-restart") void waiting.stop();
    }
  }

  #decide(child: SupervisedChild, reason: ExitReason): void {
    switch (outcomeOf(child.restart, reason)) {
      case "restart":
        this.#restart(child, reason);
        return;
      case "stay-down":
      case "forget":
        void child.stop(reason);
        if (child.isForgottenWhenDown) this.#children.remove(child);
        if (child.spec.significant === true) this.#dispense(reason);
    }
  }

  /** A significant child is gone for good. */
  #dispense(reason: ExitReason): void {
    const isAnotherLeft = (): boolean =>
      this.#children.some(({ spec, state }) => spec.significant === true && state !== "down");
    if (!endsWith(this.#rules.autoShutdown, isAnotherLeft)) return;
    this.#supervisor.retire(
      reason.kind === "error" ? { kind: "shutdown", cause: reason.error } : { ...reason, kind: "shutdown" },
    );
  }

  #restart(child: SupervisedChild, reason: ExitReason): void {
    const now = this.#kernel.clock.now();
    const intensity = child.intensity ?? this.#intensity;
    if (!intensity.allow(now)) {
      this.#supervisor.giveUp(child, reason, intensity);
      return;
    }
    const delayMs = child.nextDelayMs(now);
    if (this.#rules.strategy !== "one-for-one") void this.#restartGroup(child, reason, delayMs);
    else if (delayMs <= 0) this.#bringBack(child, now);
    else {
      this.#reportDelay(child, delayMs, reason);
      child.delay(delayMs, () => this.#bringBack(child, this.#kernel.clock.now()));
    }
  }

  #bringBack(child: SupervisedChild, now: number): void {
    child.restarts += 1;
    try {
      const starting = child.start(now);
      if (starting === undefined) this.#reportRestart(child);
      else
        void starting.then(
          () => this.#reportRestart(child),
          (error: unknown) => this.#retry(child, error),
        );
    } catch (error) {
      this.#retry(child, error);
    }
  }

  /** Takes the group down in reverse, at once; brings it up in order, after the delay. */
  async #restartGroup(leader: SupervisedChild, reason: ExitReason, delayMs: number): Promise<void> {
    const epoch = this.#epoch;
    this.#busy ??= Promise.withResolvers<void>();
    void this.#leader?.pause();
    const group = affectedBy(leader, this.#children.inStartOrder, this.#rules.strategy);
    for (const child of group.toReversed()) {
      const ending = child.restart === "temporary" ? child.stop() : child.pause();
      if (ending !== undefined) await ending;
      if (this.#epoch !== epoch) return;
      if (child.restart === "temporary") this.#children.remove(child);
    }
    if (delayMs <= 0 || leader.state !== "waiting-to-restart") {
      await this.#bringUp(group);
      return;
    }
    this.#reportDelay(leader, delayMs, reason);
    leader.delay(delayMs, () => {
      this.#busy ??= Promise.withResolvers<void>();
      void this.#bringUp(group);
    });
    this.#await(leader);
  }

  /** Starts those of the group that still wait for it. One that does not start is tried again, and the rest with it. */
  async #bringUp(group: readonly SupervisedChild[]): Promise<void> {
    const epoch = this.#epoch;
    for (const child of group) {
      if (child.state !== "waiting-to-restart") continue;
      child.restarts += 1;
      try {
        const starting = child.start(this.#kernel.clock.now());
        if (starting !== undefined) await starting;
      } catch (error) {
        if (this.#epoch !== epoch) return;
        if (child.state !== "waiting-to-restart") continue;
        this.#retry(child, error);
        this.#await(child);
        return;
      }
      if (this.#epoch !== epoch) return;
      this.#reportRestart(child);
    }
    this.release();
  }

  /** The rest of its group waits for this child; meanwhile others are heard. */
  #await(leader: SupervisedChild): void {
    const { turn } = leader;
    this.release();
    if (leader.turn === turn) this.#leader = leader;
  }

  /** A restart that failed is one more failure, and queues behind other work: so a stop can overtake it. */
  #retry(child: SupervisedChild, error: unknown): void {
    if (child.state !== "waiting-to-restart") return;
    const { events, dispatcher } = this.#kernel;
    if (events.observes("restart-failed")) events.emit({ type: "restart-failed", path: child.unit.path, error });
    const { turn } = child;
    dispatcher.enqueue({
      run: () => {
        if (child.turn === turn) this.#restart(child, { kind: "error", error });
        return 1;
      },
    });
  }

  #reportDelay(child: SupervisedChild, delayMs: number, reason: ExitReason): void {
    const { events } = this.#kernel;
    if (!events.observes("restart-delayed")) return;
    events.emit({ type: "restart-delayed", path: child.unit.path, delayMs, reason });
  }

  #reportRestart(child: SupervisedChild): void {
    const { events } = this.#kernel;
    if (!events.observes("actor-restarted") || child.state !== "running") return;
    events.emit({ type: "actor-restarted", path: child.unit.path, restartCount: child.restarts });
  }
}
