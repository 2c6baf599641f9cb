import { ActorCell } from "./actor-cell.ts";
import { Backoff, type BackoffOptions } from "./backoff.ts";
import { isSupervisorSpec, type ChildSpec } from "./child-spec.ts";
import type { Timer } from "./clock.ts";
import { SHUTDOWN, type ExitReason } from "./exit-reason.ts";
import { DEFAULT_SHUTDOWN_MS, type Relative, type Shutdown } from "./family.ts";
import { HealthMonitor } from "./health-monitor.ts";
import type { Kernel } from "./kernel.ts";
import { RestartIntensity } from "./restart-intensity.ts";
import { outcomeOf, type Restart } from "./restart-plan.ts";
import type { Supervision } from "./ties.ts";
import type { TreeNode } from "./tree-node.ts";

/** What a supervisor can have under it: an actor or a supervisor. */
export interface Supervised extends Relative {
  readonly path: string;
  start(): Promise<void> | undefined;
  superviseBy(supervision: Supervision): void;
}

/** Hears that a child left on its own, whatever the reason. */
export type Exit = (child: SupervisedChild, reason: ExitReason) => void;

/** One child of a supervisor over all its incarnations: its spec, and what the supervisor keeps count of. */
export class SupervisedChild implements Supervision {
  readonly spec: ChildSpec;
  readonly unit: Supervised;
  /** The supervisor's path. */
  readonly path: string;
  readonly restart: Restart;
  readonly shutdown: Shutdown;
  readonly intensity: RestartIntensity | undefined;
  readonly #kernel: Kernel<ActorCell>;
  readonly #backoff: Backoff | undefined;
  readonly #health: HealthMonitor | undefined;
  readonly #exit: Exit;
  state: TreeNode["state"] = "down";
  restarts = 0;
  #startedAt = 0;
  #delay: Timer | undefined;

  constructor(
    kernel: Kernel<ActorCell>,
    path: string,
    spec: ChildSpec,
    unit: Supervised,
    backoff: BackoffOptions | undefined,
    exit: Exit,
  ) {
    this.#kernel = kernel;
    this.path = path;
    this.spec = spec;
    this.unit = unit;
    this.#exit = exit;
    this.restart = spec.restart ?? "permanent";
    this.shutdown = spec.shutdownMs ?? (unit instanceof ActorCell ? DEFAULT_SHUTDOWN_MS : "infinity");
    this.#backoff = backoff === undefined ? undefined : new Backoff(backoff, kernel.random);
    const actor = isSupervisorSpec(spec) ? undefined : spec;
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

  start(now: number): Promise<void> | undefined {
    this.state = "starting";
    this.#startedAt = now;
    try {
      const starting = this.unit.start();
      if (starting !== undefined)
        return starting.then(
          () => this.#started(),
          (error: unknown) => this.#startFailed(error),
        );
    } catch (error) {
      this.#startFailed(error);
    }
    this.#started();
    return undefined;
  }

  exited(reason: ExitReason): void {
    if (this.state === "stopping" || this.state === "down") return;
    this.#health?.stop();
    this.state = "waiting-to-restart";
    this.#exit(this, reason);
  }

  comesBack(reason: ExitReason): boolean {
    return outcomeOf(this.restart, reason) === "restart";
  }

  /** How long to wait before the next restart, given that the child failed at `now`. */
  nextDelayMs(now: number): number {
    return this.#backoff?.nextDelayMs(now - this.#startedAt) ?? 0;
  }

  /** Calls `restart` after the delay, unless the child is stopped before. */
  delay(delayMs: number, restart: () => void): void {
    this.#delay = this.#kernel.clock.schedule(restart, delayMs);
  }

  /** Undefined when it is down; else resolves when it is, which its shutdown time bounds. */
  stop(reason: ExitReason = SHUTDOWN): Promise<void> | undefined {
    this.#leave();
    const stopping = this.unit.shutDown(reason, this.shutdown);
    if (stopping === undefined) this.state = "down";
    return stopping === undefined ? undefined : this.#downAfter(stopping);
  }

  kill(): void {
    this.#leave();
    this.unit.kill();
    this.state = "down";
  }

  describe(): TreeNode {
    return { ...this.unit.describe(), state: this.state, restarts: this.restarts };
  }

  async #downAfter(stopping: Promise<void>): Promise<void> {
    await stopping;
    this.state = "down";
  }

  #started(): void {
    if (this.state !== "starting") return;
    this.state = "running";
    this.#health?.start();
  }

  #startFailed(error: unknown): never {
    if (this.state === "starting") this.state = "waiting-to-restart";
    throw error;
  }

  #leave(): void {
    this.#delay?.cancel();
    this.#health?.stop();
    this.state = "stopping";
  }
}
