import { ActorCell } from "./actor-cell.ts";
import { Backoff, type BackoffOptions } from "./backoff.ts";
import { isDynamicSpec, isSupervisorSpec, type ChildSpec } from "./child-spec.ts";
import type { Timer } from "./clock.ts";
import { SHUTDOWN, type ExitReason } from "./exit-reason.ts";
import { DEFAULT_SHUTDOWN_MS, type Relative, type Shutdown } from "./family.ts";
import { HealthMonitor } from "./health-monitor.ts";
import type { Kernel } from "./kernel.ts";
import { RestartIntensity } from "./restart-intensity.ts";
import { outcomeOf, type Restart } from "./restart-plan.ts";
import type { ChildInfo } from "./child-info.ts";
import type { Supervision } from "./ties.ts";
import type { TreeNode } from "./tree-node.ts";

/** What a supervisor can have under it: an actor or a supervisor. */
export interface Supervised extends Relative {
  readonly path: string;
  /** What a user sees of it: a ref, or a supervisor. */
  readonly self: object;
  start(): Promise<void> | undefined;
  superviseBy(supervision: Supervision): void;
  /** Ends this incarnation and keeps what outlives one. Undefined when it has ended; else resolves when it has. */
  dismiss(reason: ExitReason): Promise<void> | undefined;
}

/** Whose child it is. */
export interface Overseer {
  readonly path: string;
  /** Whether a child is forgotten as soon as it is down. */
  readonly isDynamic: boolean;
  /** Hears that a child left on its own, whatever the reason. */
  left(child: SupervisedChild, reason: ExitReason): void;
}

/** One child of a supervisor over all its incarnations: its spec, and what the supervisor keeps count of. */
export class SupervisedChild implements Supervision {
  readonly spec: ChildSpec;
  readonly unit: Supervised;
  readonly restart: Restart;
  readonly shutdown: Shutdown;
  readonly intensity: RestartIntensity | undefined;
  readonly #kernel: Kernel<ActorCell>;
  readonly #overseer: Overseer;
  readonly #backoff: Backoff | undefined;
  readonly #health: HealthMonitor | undefined;
  state: TreeNode["state"] = "down";
  restarts = 0;
  /** Goes up whenever somebody starts, pauses or stops the child: tells what was meant for it before from what is now. */
  turn = 0;
  #startedAt = 0;
  #delay: Timer | undefined;

  constructor(
    kernel: Kernel<ActorCell>,
    overseer: Overseer,
    spec: ChildSpec,
    unit: Supervised,
    supervisorBackoff: BackoffOptions | undefined,
  ) {
    this.#kernel = kernel;
    this.#overseer = overseer;
    this.spec = spec;
    this.unit = unit;
    this.restart = spec.restart ?? "permanent";
    this.shutdown = spec.shutdownMs ?? (unit instanceof ActorCell ? DEFAULT_SHUTDOWN_MS : "infinity");
    const actor = isSupervisorSpec(spec) || isDynamicSpec(spec) ? undefined : spec;
    const backoff = actor?.backoff ?? supervisorBackoff;
    this.#backoff = backoff === undefined ? undefined : new Backoff(backoff, kernel.random);
    this.intensity = actor?.intensity === undefined ? undefined : new RestartIntensity(actor.intensity);
    this.#health =
      unit instanceof ActorCell && actor?.health !== undefined
        ? new HealthMonitor(kernel, unit, actor.health)
        : undefined;
    unit.superviseBy(this);
  }

  get id(): string {
    return this.spec.id;
  }

  /** The supervisor's path. */
  get path(): string {
    return this.#overseer.path;
  }

  get kind(): TreeNode["kind"] {
    return this.unit instanceof ActorCell ? "actor" : "supervisor";
  }

  /** Whether nothing remains of it when it is down. */
  get isForgottenWhenDown(): boolean {
    return this.restart === "temporary" || this.#overseer.isDynamic;
  }

  start(now: number): Promise<void> | undefined {
    this.turn += 1;
    const turn = this.turn;
    this.state = "starting";
    this.#startedAt = now;
    try {
      const starting = this.unit.start();
      if (starting !== undefined)
        return starting.then(
          () => this.#started(turn),
          (error: unknown) => this.#startFailed(turn, error),
        );
    } catch (error) {
      this.#startFailed(turn, error);
    }
    this.#started(turn);
    return undefined;
  }

  exited(reason: ExitReason): void {
    if (this.state !== "running" && this.state !== "starting") return;
    this.#health?.stop();
    this.state = "waiting-to-restart";
    this.#overseer.left(this, reason);
  }

  comesBack(reason: ExitReason): boolean {
    return outcomeOf(this.restart, reason) === "restart";
  }

  /** How long to wait before the next restart, given that the child failed at `now`. */
  nextDelayMs(now: number): number {
    return this.#backoff?.nextDelayMs(now - this.#startedAt) ?? 0;
  }

  /** Calls `restart` after the delay, unless the child is started, paused or stopped before. */
  delay(delayMs: number, restart: () => void): void {
    this.#delay = this.#kernel.clock.schedule(restart, delayMs);
  }

  /**
   * Has it wait for its restart, together with others; its mailbox waits too. Undefined when it does; else resolves when it does.
   * One that somebody is stopping stays down.
   */
  pause(): Promise<void> | undefined {
    if (this.state === "stopping") return this.unit.dismiss(SHUTDOWN);
    const wasUp = this.state === "running" || this.state === "starting";
    this.#leave(wasUp ? "stopping" : "waiting-to-restart");
    if (!wasUp) return undefined;
    const { turn } = this;
    const ending = this.unit.dismiss(SHUTDOWN);
    if (ending !== undefined) return this.#reach("waiting-to-restart", turn, ending);
    this.state = "waiting-to-restart";
    return undefined;
  }

  /** Undefined when it is down; else resolves when it is, which its shutdown time bounds. */
  stop(reason: ExitReason = SHUTDOWN): Promise<void> | undefined {
    this.#leave("stopping");
    const { turn } = this;
    const ending = this.unit.shutDown(reason, this.shutdown);
    if (ending !== undefined) return this.#reach("down", turn, ending);
    this.state = "down";
    return undefined;
  }

  kill(): void {
    this.#leave("stopping");
    this.unit.kill();
    this.state = "down";
  }

  inform(): ChildInfo {
    const { id, kind, state, restart, restarts } = this;
    return { id, kind, state, restart, restarts };
  }

  describe(): TreeNode {
    const node = this.unit.describe();
    // One that leaves by itself counts as up until it has left, which may take a while.
    const isUp = this.state === "running" || this.state === "starting";
    return { ...node, state: isUp ? node.state : this.state, restarts: this.restarts };
  }

  async #reach(state: TreeNode["state"], turn: number, ending: Promise<void>): Promise<void> {
    await ending;
    if (this.turn === turn) this.state = state;
  }

  #started(turn: number): void {
    if (this.turn !== turn || this.state !== "starting") return;
    this.state = "running";
    this.#health?.start();
  }

  #startFailed(turn: number, error: unknown): never {
    if (this.turn === turn && this.state === "starting") this.state = "waiting-to-restart";
    throw error;
  }

  #leave(state: TreeNode["state"]): void {
    this.turn += 1;
    this.#delay?.cancel();
    this.#health?.stop();
    this.state = state;
  }
}
