import { ActorCell, checkId } from "./actor-cell.ts";
import type { ActorRef, AnyActorRef } from "./actor-ref.ts";
import { isSupervisorSpec, type ActorSpec, type ChildSpec, type SupervisorSpec } from "./child-spec.ts";
import type { Timer } from "./clock.ts";
import {
  ActorKilledError,
  ActorStartError,
  ChildRunningError,
  DuplicateIdError,
  RestartIntensityExceededError,
  SupervisorStoppedError,
  UnknownChildError,
} from "./errors.ts";
import { SHUTDOWN, type ExitReason } from "./exit-reason.ts";
import type { Relative, Shutdown } from "./family.ts";
import type { Kernel } from "./kernel.ts";
import { DEFAULT_INTENSITY, RestartIntensity } from "./restart-intensity.ts";
import { outcomeOf } from "./restart-plan.ts";
import { SupervisedChild, type Supervised } from "./supervised-child.ts";
import type { ChildCount, ChildInfo, SupervisorNode } from "./supervisor-node.ts";
import type { Supervision } from "./ties.ts";
import type { TreeNode } from "./tree-node.ts";

/** Performs what `restart-plan.ts` decides. */
export class LocalSupervisor implements SupervisorNode, Supervised {
  older: Relative | null = null;
  younger: Relative | null = null;
  readonly path: string;
  readonly #kernel: Kernel<ActorCell>;
  readonly #spec: SupervisorSpec;
  /** Called when it is down for good and nobody supervises it. */
  readonly #closed: () => void;
  #intensity: RestartIntensity;
  /** In start order. */
  #children = new Map<string, SupervisedChild>();
  #state: TreeNode["state"] = "down";
  #supervision: Supervision | undefined;
  #stopping: PromiseWithResolvers<void> | undefined;
  #deadline: Timer | undefined;

  constructor(
    kernel: Kernel<ActorCell>,
    parentPath: string,
    spec: SupervisorSpec,
    closed: () => void = () => undefined,
  ) {
    checkId(spec.id);
    this.#kernel = kernel;
    this.path = `${parentPath}/${spec.id}`;
    this.#spec = spec;
    this.#closed = closed;
    this.#intensity = new RestartIntensity(spec.intensity ?? DEFAULT_INTENSITY);
    for (const child of spec.children) this.#add(child);
  }

  superviseBy(supervision: Supervision): void {
    this.#supervision = supervision;
  }

  /** Starts the children of the spec, in order. When one fails, those before it are stopped in reverse and the cause is thrown. */
  start(): Promise<void> | undefined {
    this.#state = "starting";
    this.#intensity = new RestartIntensity(this.#spec.intensity ?? DEFAULT_INTENSITY);
    const specified = new Map(this.#spec.children.map(({ id }) => [id, this.#children.get(id)] as const));
    this.#children = new Map();
    for (const spec of this.#spec.children) {
      const known = specified.get(spec.id);
      if (known === undefined) this.#add(spec);
      else this.#children.set(spec.id, known);
    }
    return this.#startFrom([...this.#children.values()], 0);
  }

  child<M = unknown>(id: string): ActorRef<M>;
  child(id: string): AnyActorRef {
    const { unit } = this.#find(id);
    if (!(unit instanceof ActorCell)) throw new UnknownChildError(this.path, id, this.#ids("actor"));
    return unit.self;
  }

  supervisor(id: string): SupervisorNode {
    const { unit } = this.#find(id);
    if (!(unit instanceof LocalSupervisor)) throw new UnknownChildError(this.path, id, this.#ids("supervisor"));
    return unit;
  }

  startChild<M = unknown>(spec: ActorSpec): Promise<ActorRef<M>>;
  startChild(spec: SupervisorSpec): Promise<SupervisorNode>;
  async startChild(spec: ChildSpec): Promise<unknown> {
    this.#checkUp();
    const child = this.#add(spec);
    try {
      await child.start(this.#kernel.clock.now());
    } catch (error) {
      await child.stop();
      this.#forget(child);
      throw error;
    }
    return child.unit instanceof ActorCell ? child.unit.self : child.unit;
  }

  async terminateChild(id: string): Promise<void> {
    const child = this.#find(id);
    await child.stop();
    if (child.restart === "temporary") this.#forget(child);
  }

  async restartChild(id: string): Promise<void> {
    const child = this.#find(id);
    if (child.state !== "down") throw new ChildRunningError(this.path, id, child.state);
    try {
      await child.start(this.#kernel.clock.now());
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  deleteChild(id: string): void {
    const child = this.#find(id);
    if (child.state !== "down") throw new ChildRunningError(this.path, id, child.state);
    this.#forget(child);
  }

  whichChildren(): readonly ChildInfo[] {
    return [...this.#children.values()].map(({ id, unit, state, restart, restarts }) => ({
      id,
      kind: unit instanceof ActorCell ? "actor" : "supervisor",
      state,
      restart,
      restarts,
    }));
  }

  countChildren(): ChildCount {
    const children = this.whichChildren();
    const actors = children.filter(({ kind }) => kind === "actor").length;
    return {
      specs: children.length,
      running: children.filter(({ state }) => state === "running").length,
      actors,
      supervisors: children.length - actors,
    };
  }

  async stop(): Promise<void> {
    const wasUp = this.#state === "running" || this.#state === "starting";
    await this.shutDown(SHUTDOWN, "infinity");
    if (wasUp) this.#supervision?.exited(SHUTDOWN);
  }

  shutDown(reason: ExitReason, shutdown: Shutdown): Promise<void> | undefined {
    if (this.#state === "down") return undefined;
    if (shutdown === "kill") {
      this.kill();
      return undefined;
    }
    if (typeof shutdown === "number") this.#deadline ??= this.#kernel.clock.schedule(() => this.kill(), shutdown);
    if (this.#stopping !== undefined) return this.#stopping.promise;
    this.#state = "stopping";
    const stopping = this.#stopChildren();
    if (stopping === undefined) {
      this.#close(reason);
      return undefined;
    }
    this.#stopping = Promise.withResolvers<void>();
    void stopping.then(() => this.#close(reason));
    return this.#stopping.promise;
  }

  kill(): void {
    if (this.#state === "down") return;
    for (const child of [...this.#children.values()].toReversed()) child.kill();
    const { events } = this.#kernel;
    if (events.observes("actor-killed")) events.emit({ type: "actor-killed", path: this.path });
    this.#close({ kind: "error", error: new ActorKilledError(this.path) });
  }

  describe(): TreeNode {
    return {
      path: this.path,
      kind: "supervisor",
      state: this.#state,
      restarts: 0,
      mailbox: 0,
      children: [...this.#children.values()].map((child) => child.describe()),
    };
  }

  /** Goes on at once while children start at once; a tree of plain actors is up before `supervise` returns. */
  #startFrom(children: readonly SupervisedChild[], index: number): Promise<void> | undefined {
    for (let next = index; next < children.length; next += 1) {
      if (this.#state !== "starting") throw new SupervisorStoppedError(this.path);
      const child = children[next];
      let starting: Promise<void> | undefined;
      try {
        starting = child?.start(this.#kernel.clock.now());
      } catch (error) {
        return this.#rollBack(error);
      }
      if (starting !== undefined) {
        return starting.then(
          () => this.#startFrom(children, next + 1),
          (error: unknown) => this.#rollBack(error),
        );
      }
    }
    if (this.#state !== "starting") throw new SupervisorStoppedError(this.path);
    this.#state = "running";
    const { events } = this.#kernel;
    if (events.observes("supervisor-started")) events.emit({ type: "supervisor-started", path: this.path });
    return undefined;
  }

  #rollBack(cause: unknown): Promise<void> {
    const error = new ActorStartError(this.path, cause);
    const stopping = this.shutDown({ kind: "error", error: cause }, "infinity");
    if (stopping === undefined) throw error;
    return stopping.then(() => {
      throw error;
    });
  }

  #exited(child: SupervisedChild, reason: ExitReason): void {
    if (this.#state !== "running" && this.#state !== "starting") return;
    switch (outcomeOf(child.restart, reason)) {
      case "restart":
        this.#restart(child, reason);
        return;
      case "stay-down":
        void child.stop(reason);
        return;
      case "forget":
        void child.stop(reason);
        this.#forget(child);
    }
  }

  #restart(child: SupervisedChild, reason: ExitReason): void {
    const now = this.#kernel.clock.now();
    const intensity = child.intensity ?? this.#intensity;
    if (!intensity.allow(now)) {
      this.#giveUp(child, reason, intensity);
      return;
    }
    const delayMs = child.nextDelayMs(now);
    if (delayMs <= 0) {
      this.#bringBack(child, now);
      return;
    }
    const { events } = this.#kernel;
    if (events.observes("restart-delayed")) {
      events.emit({ type: "restart-delayed", path: child.unit.path, delayMs, reason });
    }
    child.delay(delayMs, () => this.#bringBack(child, this.#kernel.clock.now()));
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

  /** A restart that failed is one more failure, and queues behind other work: so a stop can overtake it. */
  #retry(child: SupervisedChild, error: unknown): void {
    if (child.state !== "waiting-to-restart") return;
    const { events, dispatcher } = this.#kernel;
    if (events.observes("restart-failed")) events.emit({ type: "restart-failed", path: child.unit.path, error });
    dispatcher.enqueue({
      run: () => {
        if (child.state === "waiting-to-restart") this.#restart(child, { kind: "error", error });
        return 1;
      },
    });
  }

  /** Fails with the cause, after its children have stopped; then its own supervisor decides. */
  #giveUp(child: SupervisedChild, reason: ExitReason, intensity: RestartIntensity): void {
    const cause = reason.kind === "error" ? reason.error : reason.kind;
    const error = new RestartIntensityExceededError(this.path, child.id, intensity.toString(), child.restarts, cause);
    const { events } = this.#kernel;
    if (events.observes("supervisor-failed")) events.emit({ type: "supervisor-failed", path: this.path, error });
    const failure: ExitReason = { kind: "error", error };
    const supervision = this.#supervision;
    if (supervision === undefined) void this.shutDown(failure, "infinity");
    else {
      const stopping = this.shutDown(failure, supervision.shutdown);
      if (stopping === undefined) supervision.exited(failure);
      else void stopping.then(() => supervision.exited(failure));
    }
  }

  #stopChildren(): Promise<void> | undefined {
    const children = [...this.#children.values()];
    for (let child = children.pop(); child !== undefined; child = children.pop()) {
      const stopping = child.stop();
      if (stopping !== undefined) return stopping.then(() => this.#stopChildren());
    }
    return undefined;
  }

  #close(reason: ExitReason): void {
    if (this.#state === "down") return;
    this.#state = "down";
    this.#deadline?.cancel();
    this.#deadline = undefined;
    const { events } = this.#kernel;
    if (events.observes("supervisor-stopped")) events.emit({ type: "supervisor-stopped", path: this.path, reason });
    this.#closed();
    this.#stopping?.resolve();
    this.#stopping = undefined;
  }

  #add(spec: ChildSpec): SupervisedChild {
    checkId(spec.id);
    if (this.#children.has(spec.id)) throw new DuplicateIdError(this.path, spec.id);
    const unit = isSupervisorSpec(spec)
      ? new LocalSupervisor(this.#kernel, this.path, spec)
      : new ActorCell(this.#kernel, null, spec.start, spec.id, spec.mailbox, spec.schema);
    const backoff = isSupervisorSpec(spec) ? this.#spec.backoff : (spec.backoff ?? this.#spec.backoff);
    const child = new SupervisedChild(this.#kernel, this.path, spec, unit, backoff, (left, reason) =>
      this.#exited(left, reason),
    );
    this.#children.set(spec.id, child);
    return child;
  }

  #find(id: string): SupervisedChild {
    this.#checkUp();
    const child = this.#children.get(id);
    if (child === undefined) throw new UnknownChildError(this.path, id, [...this.#children.keys()]);
    return child;
  }

  #checkUp(): void {
    if (this.#state === "down" || this.#state === "stopping") throw new SupervisorStoppedError(this.path);
  }

  #forget(child: SupervisedChild): void {
    if (this.#children.get(child.id) === child) this.#children.delete(child.id);
  }

  #ids(kind: TreeNode["kind"]): readonly string[] {
    return this.whichChildren()
      .filter((child) => child.kind === kind)
      .map(({ id }) => id);
  }

  #reportRestart(child: SupervisedChild): void {
    const { events } = this.#kernel;
    if (!events.observes("actor-restarted") || child.state !== "running") return;
    events.emit({ type: "actor-restarted", path: child.unit.path, restartCount: child.restarts });
  }
}
