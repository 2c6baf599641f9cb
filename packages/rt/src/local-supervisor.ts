import { ActorCell } from "./actor-cell.ts";
import type { ActorRef, AnyActorRef } from "./actor-ref.ts";
import { checkId } from "./child-id.ts";
import { ChildList } from "./child-list.ts";
import {
  checkSignificance,
  isDynamicSpec,
  isSupervisorSpec,
  type AnyDynamicSpec,
  type ChildSpec,
  type SupervisorSpec,
} from "./child-spec.ts";
import type { Timer } from "./clock.ts";
import type { DynamicSupervisor } from "./dynamic-supervisor.ts";
import {
  ActorKilledError,
  ActorStartError,
  ChildRunningError,
  DuplicateIdError,
  RestartIntensityExceededError,
  SupervisorStoppedError,
} from "./errors.ts";
import { causeOf, SHUTDOWN, shutDownBy, type ExitReason } from "./exit-reason.ts";
import type { Relative, Shutdown } from "./family.ts";
import type { Kernel } from "./kernel.ts";
import { LocalDynamicSupervisor, type Pool } from "./local-dynamic-supervisor.ts";
import { DEFAULT_INTENSITY, type RestartIntensity } from "./restart-intensity.ts";
import type { AutoShutdown } from "./restart-plan.ts";
import { Restarter, type Resignation } from "./restarter.ts";
import { SupervisedChild, type Overseer, type Supervised } from "./supervised-child.ts";
import type { ChildCount, ChildInfo, SupervisorTerminated } from "./child-info.ts";
import type { ChildOf, IdOfAny, SupervisorNode } from "./supervisor-node.ts";
import type { Supervision } from "./ties.ts";
import type { TreeNode } from "./tree-node.ts";

/** A supervisor on this machine: keeps its children, and has its restarter deal with those that leave. */
export class LocalSupervisor implements Pool, Supervised, Overseer, Resignation {
  older: Relative | null = null;
  younger: Relative | null = null;
  readonly path: string;
  readonly isDynamic: boolean;
  readonly #kernel: Kernel<ActorCell>;
  readonly #spec: SupervisorSpec | AnyDynamicSpec;
  readonly #autoShutdown: AutoShutdown;
  /** Called when it is down for good and nobody supervises it. */
  readonly #closed: () => void;
  readonly #children: ChildList;
  readonly #restarter: Restarter;
  /** Counts its starts. What an earlier life left under way when it was killed is not for this one to finish. */
  #life = 0;
  #state: TreeNode["state"] = "down";
  /** Why it is down, or going down. */
  #reason: ExitReason = SHUTDOWN;
  #supervision: Supervision | undefined;
  #stopping: PromiseWithResolvers<void> | undefined;
  #deadline: Timer | undefined;
  readonly #dynamic: LocalDynamicSupervisor | undefined;

  constructor(
    kernel: Kernel<ActorCell>,
    parentPath: string,
    spec: SupervisorSpec | AnyDynamicSpec,
    closed: () => void = () => undefined,
  ) {
    checkId(spec.id);
    this.#kernel = kernel;
    this.path = `${parentPath}/${spec.id}`;
    this.isDynamic = isDynamicSpec(spec);
    this.#dynamic = isDynamicSpec(spec) ? new LocalDynamicSupervisor(this, spec) : undefined;
    this.#spec = spec;
    this.#closed = closed;
    this.#children = new ChildList(this.path);
    const { intensity = DEFAULT_INTENSITY, autoShutdown = "never" } = spec;
    this.#autoShutdown = autoShutdown;
    const strategy = isDynamicSpec(spec) ? "one-for-one" : spec.strategy;
    this.#restarter = new Restarter(kernel, this.#children, { strategy, intensity, autoShutdown }, this);
    for (const child of this.#specified) this.#add(child);
  }

  get self(): SupervisorNode | LocalDynamicSupervisor {
    return this.#dynamic ?? this;
  }

  get size(): number {
    return this.#children.size;
  }

  superviseBy(supervision: Supervision): void {
    this.#supervision = supervision;
  }

  /** Starts the children of the spec, in order. When one fails, those before it are stopped in reverse and the cause is thrown. */
  start(): Promise<void> | undefined {
    this.#state = "starting";
    this.#life += 1;
    this.#restarter.hold();
    const known = this.#specified.map(({ id }) => this.#children.lookup(id));
    this.#children.clear();
    for (const [index, spec] of this.#specified.entries()) {
      const child = known[index];
      if (child?.spec === spec) this.#children.add(child);
      else this.#add(spec);
    }
    const starting = this.#startFrom(this.#children.inStartOrder, 0, this.#life);
    const { events } = this.#kernel;
    if (this.#state === "starting" && events.observes("supervisor-starting")) {
      events.emit({ type: "supervisor-starting", path: this.path });
    }
    return starting;
  }

  child<M = never>(id: IdOfAny<M>): NoInfer<ActorRef<M>>;
  child(id: string): AnyActorRef {
    const { unit } = this.#find(id);
    if (!(unit instanceof ActorCell)) throw this.#children.unknown(id, this.#children.idsOf("actor"));
    return unit.self;
  }

  supervisor<Inner = never>(id: IdOfAny<Inner>): NoInfer<SupervisorNode<Inner>>;
  supervisor(id: string): SupervisorNode;
  supervisor(id: string): object {
    const { unit } = this.#find(id);
    if (unit instanceof LocalSupervisor && !unit.isDynamic) return unit;
    throw this.#children.unknown(id, this.#children.idsOf("supervisor"));
  }

  dynamic<Argument = never, Child = ActorRef<unknown>>(
    id: IdOfAny<Argument>,
  ): NoInfer<DynamicSupervisor<Argument, Child>>;
  dynamic(id: string): DynamicSupervisor<never, unknown>;
  dynamic(id: string): object {
    const { unit } = this.#find(id);
    if (unit instanceof LocalSupervisor && unit.#dynamic !== undefined) return unit.#dynamic;
    throw this.#children.unknown(id, this.#children.idsOf("supervisor"));
  }

  view(id: string): unknown {
    return this.#find(id).unit.self;
  }

  has(id: string): boolean {
    return this.#children.has(id);
  }

  startChild<const Spec extends ChildSpec>(spec: Spec): Promise<ChildOf<Spec>>;
  startChild(spec: ChildSpec): Promise<unknown> {
    return this.add(spec);
  }

  async add(spec: ChildSpec): Promise<unknown> {
    if (this.#restarter.isBusy) await this.#restarter.whenFree();
    this.#checkUp();
    const child = this.#add(spec);
    try {
      await child.start(this.#kernel.clock.now());
    } catch (error) {
      await child.stop();
      this.#children.remove(child);
      throw error;
    }
    return child.unit.self;
  }

  async terminateChild(id: string): Promise<void> {
    const child = this.#find(id);
    await child.stop();
    if (child.isForgottenWhenDown) this.#children.remove(child);
    this.#restarter.overtake(child);
  }

  async restartChild(id: string): Promise<void> {
    await this.#restarter.whenFree();
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
    this.#children.remove(child);
  }

  childSpec(id: string): ChildSpec {
    return this.#find(id).spec;
  }

  whichChildren(): readonly ChildInfo[] {
    return this.#children.inStartOrder.map((child) => child.inform());
  }

  countChildren(): ChildCount {
    return this.#children.count();
  }

  onTerminated(listener: (terminated: SupervisorTerminated) => void): Disposable {
    if (this.#state === "down") throw new SupervisorStoppedError(this.path, this.#reason);
    const listening = this.#kernel.events.on("supervisor-stopped", ({ path, reason }) => {
      if (path !== this.path) return;
      listening[Symbol.dispose]();
      listener({ path, reason });
    });
    return listening;
  }

  left(child: SupervisedChild, reason: ExitReason): void {
    if (this.#state === "running" || this.#state === "starting") this.#restarter.left(child, reason);
  }

  /** Fails with the cause, after its children have stopped; then its own supervisor decides. */
  giveUp(child: SupervisedChild, reason: ExitReason, intensity: RestartIntensity): void {
    const { id, restarts } = child;
    const error = new RestartIntensityExceededError(this.path, id, intensity.toString(), restarts, reason);
    const { events } = this.#kernel;
    if (events.observes("supervisor-failed")) {
      const details = { child: id, reason, cause: causeOf(reason), restartCount: restarts };
      events.emit({ type: "supervisor-failed", path: this.path, error, ...details });
    }
    this.retire({ kind: "shutdown", cause: error });
  }

  retire(reason: ExitReason): void {
    void this.#leave(reason, this.#supervision?.shutdown ?? "infinity");
  }

  async stop(): Promise<void> {
    await this.#leave(SHUTDOWN, "infinity");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  dismiss(reason: ExitReason): Promise<void> | undefined {
    return this.shutDown(reason, this.#supervision?.shutdown ?? "infinity");
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
    this.#reason = reason;
    this.#restarter.halt();
    const childReason = shutDownBy(reason);
    const stopping = this.isDynamic
      ? this.#children.stopAll(childReason)
      : this.#stopInTurn(this.#children.inStopOrder, 0, this.#life, childReason);
    if (stopping === undefined) {
      this.#close(reason);
      return undefined;
    }
    this.#stopping = Promise.withResolvers<void>();
    const { events } = this.#kernel;
    if (events.observes("supervisor-stopping")) events.emit({ type: "supervisor-stopping", path: this.path, reason });
    const life = this.#life;
    void stopping.then(() => this.#close(reason, life));
    return this.#stopping.promise;
  }

  kill(): void {
    if (this.#state === "down") return;
    this.#restarter.halt();
    for (const child of this.#children.inStopOrder) child.kill();
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
      children: this.#children.inStartOrder.map((child) => child.describe()),
    };
  }

  /** Ends on its own account. While it starts that is a start that failed, and told as such. */
  #leave(reason: ExitReason, shutdown: Shutdown): Promise<void> | undefined {
    const wasRunning = this.#state === "running";
    const stopping = this.shutDown(reason, shutdown);
    if (!wasRunning) return stopping;
    if (stopping !== undefined) return stopping.then(() => this.#supervision?.exited(reason));
    this.#supervision?.exited(reason);
    return undefined;
  }

  /** Goes on at once while children start at once; a tree of plain actors is up before `supervise` returns. */
  #startFrom(children: readonly SupervisedChild[], index: number, life: number): Promise<void> | undefined {
    for (let next = index; next < children.length; next += 1) {
      if (!this.#isStarting(life)) return this.#interrupted();
      const child = children[next];
      let starting: Promise<void> | undefined;
      try {
        starting = child?.start(this.#kernel.clock.now());
      } catch (error) {
        return this.#rollBack(error);
      }
      if (starting !== undefined) {
        return starting.then(
          () => this.#startFrom(children, next + 1, life),
          (error: unknown) => (this.#isStarting(life) ? this.#rollBack(error) : this.#interrupted()),
        );
      }
    }
    if (!this.#isStarting(life)) return this.#interrupted();
    this.#state = "running";
    const { events } = this.#kernel;
    if (events.observes("supervisor-started")) events.emit({ type: "supervisor-started", path: this.path });
    this.#restarter.release();
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

  #isStarting(life: number): boolean {
    return this.#state === "starting" && this.#life === life;
  }

  /** Somebody stopped it while it was starting: the start fails when that is done, so that nobody starts it anew before. */
  async #interrupted(): Promise<never> {
    await this.#stopping?.promise;
    throw new SupervisorStoppedError(this.path, this.#reason);
  }

  #stopInTurn(
    children: readonly SupervisedChild[],
    index: number,
    life: number,
    reason: ExitReason,
  ): Promise<void> | undefined {
    for (let next = index; next < children.length && this.#life === life; next += 1) {
      const stopping = children[next]?.stop(reason);
      if (stopping !== undefined) return stopping.then(() => this.#stopInTurn(children, next + 1, life, reason));
    }
    return undefined;
  }

  #close(reason: ExitReason, life: number = this.#life): void {
    if (this.#state === "down" || this.#life !== life) return;
    this.#state = "down";
    this.#reason = reason;
    this.#deadline?.cancel();
    this.#deadline = undefined;
    const { events } = this.#kernel;
    if (events.observes("supervisor-stopped")) events.emit({ type: "supervisor-stopped", path: this.path, reason });
    this.#closed();
    this.#stopping?.resolve();
    this.#stopping = undefined;
  }

  get #specified(): readonly ChildSpec[] {
    return isDynamicSpec(this.#spec) ? [] : this.#spec.children;
  }

  #add(spec: ChildSpec): SupervisedChild {
    checkId(spec.id);
    checkSignificance(spec, this.#autoShutdown);
    if (this.#children.has(spec.id)) throw new DuplicateIdError(this.path, spec.id);
    const unit =
      isSupervisorSpec(spec) || isDynamicSpec(spec)
        ? new LocalSupervisor(this.#kernel, this.path, spec)
        : new ActorCell(this.#kernel, null, spec.start, spec.id, spec.mailbox, spec.schema);
    const child = new SupervisedChild(this.#kernel, this, spec, unit, this.#spec.backoff);
    this.#children.add(child);
    return child;
  }

  #find(id: string): SupervisedChild {
    this.#checkUp();
    return this.#children.find(id);
  }

  #checkUp(): void {
    if (this.#state === "down" || this.#state === "stopping") throw new SupervisorStoppedError(this.path, this.#reason);
  }
}
