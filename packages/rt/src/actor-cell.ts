import type { AnyActor, AnyActorFactory, ActorFactory, HealthReport, SpawnOptions, Terminated } from "./actor.ts";
import type { AnyActorRef, ActorRef, TellOptions } from "./actor-ref.ts";
import { CLOSING, IDLE, LEAVING, nameOf, PARKED, READY, STARTING, STOPPED, type CellState } from "./cell-state.ts";
import { Ask } from "./ask.ts";
import { NOTHING, type WaitingMessages } from "./backlog.ts";
import { cycleThrough, type AskScope } from "./call-chain.ts";
import { CellContext } from "./cell-context.ts";
import { checkId } from "./child-id.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import type { Runnable } from "./dispatcher.ts";
import type { Envelope } from "./envelope.ts";
import {
  ActorStoppedError,
  AskCycleError,
  DuplicateIdError,
  ForeignRefError,
  InvalidOptionError,
  MailboxFullError,
} from "./errors.ts";
import { NORMAL, type ExitReason } from "./exit-reason.ts";
import { adopt, DEFAULT_SHUTDOWN_MS, describeFamily, type Parent, type Relative, type Shutdown } from "./family.ts";
import type { Kernel } from "./kernel.ts";
import { type Addressee, LocalRef } from "./local-ref.ts";
import type { Linked } from "./incarnation.ts";
import { limitsFrom, type MailboxLimits, type MailboxOptions } from "./mailbox.ts";
import type { MessageSchema } from "./message-schema.ts";
import { ACCEPTED, REFUSED_FULL, REFUSED_STOPPED, type Offer } from "./offer.ts";
import { admit, empty, isFull, queue, waitInLine } from "./overflow.ts";
import { NOBODY, type Receiver } from "./receiver.ts";
import type { Signal } from "./signal.ts";
import { SignalLane } from "./signal-lane.ts";
import { bury } from "./undelivered.ts";
import { Ties, type Supervision, type Watcher } from "./ties.ts";
import type { TreeNode } from "./tree-node.ts";
import { WaitingSender } from "./waiting-sender.ts";

let spawned = 0;

/**
 * One actor: its mailbox, its state, and the only loop that calls its handler. The same cell serves every incarnation, which is
 * why a ref outlives a restart. It is also the actor's context.
 */
export class ActorCell extends CellContext implements Addressee, Linked, Parent, Relative, Runnable, Watcher {
  older: Relative | null = null;
  younger: Relative | null = null;
  youngest: Relative | null = null;
  readonly self: LocalRef;
  readonly kernel: Kernel<ActorCell>;
  readonly parentCell: ActorCell | null;
  readonly id: string | number;
  readonly factory: AnyActorFactory;
  readonly limits: MailboxLimits;
  state: CellState = PARKED;
  actor: AnyActor | null = null;
  receiver: Receiver = NOBODY;
  /** How many messages were taken to be handled; one that comes to nothing is taken off again. */
  handled = 0;
  /** The only waiting message. More than one is a backlog; most actors never have one. */
  slot: unknown = NOTHING;
  backlog: WaitingMessages | null = null;
  signals: SignalLane | null = null;
  /** The message at hand, when it is an ask or an envelope, or its handler is suspended. */
  current: unknown = NOTHING;
  reason: ExitReason = NORMAL;
  ties: Ties | null = null;

  constructor(
    kernel: Kernel<ActorCell>,
    parent: ActorCell | null,
    factory: AnyActorFactory,
    id: string | undefined,
    mailbox: MailboxOptions | undefined,
    schema?: MessageSchema,
  ) {
    super();
    this.self = new LocalRef(this);
    this.kernel = kernel;
    this.parentCell = parent;
    this.factory = factory;
    this.id = id ?? (spawned += 1);
    this.limits = limitsFrom(mailbox, schema);
  }

  // What an actor sees: its context.

  get path(): string {
    const above = this.parentCell?.path ?? this.ties?.supervision?.path ?? "";
    return `${above}/${this.id}`;
  }

  get parent(): AnyActorRef | undefined {
    const parent = this.parentCell;
    return parent === null || parent.isRoot ? undefined : parent.self;
  }

  get children(): readonly AnyActorRef[] {
    const refs: AnyActorRef[] = [];
    for (let child = this.youngest; child !== null; child = child.older) {
      if (child instanceof ActorCell) refs.push(child.self);
    }
    return refs.toReversed();
  }

  spawn<N>(factory: ActorFactory<N>, options?: SpawnOptions): ActorRef<N>;
  spawn(factory: AnyActorFactory, options?: SpawnOptions): AnyActorRef {
    if (this.state === STOPPED || this.state === PARKED) throw new ActorStoppedError(this.path, this.reason);
    const id = options?.id;
    if (id !== undefined) this.claim(id);
    const child = new ActorCell(this.kernel, this, factory, id, options?.mailbox, options?.schema);
    adopt(this, child);
    // A start that fails later has been reported, and the child is gone.
    child.start()?.catch(() => undefined);
    return child.self;
  }

  watch(ref: AnyActorRef): void {
    const watched = cellOf(ref);
    if (watched.state === STOPPED) {
      this.hear({ ref, reason: watched.reason });
      return;
    }
    this.tied().watch(this, watched, watched.tied());
  }

  unwatch(ref: AnyActorRef): void {
    this.ties?.unwatch(cellOf(ref));
  }

  link(ref: AnyActorRef): void {
    const other = cellOf(ref);
    if (other === this) return;
    if (other.actor === null && other.state !== STARTING) {
      this.hearExit({ ref, reason: other.reason });
      return;
    }
    this.held().links.add(other);
    other.held().links.add(this);
  }

  unlink(ref: AnyActorRef): void {
    const other = cellOf(ref);
    other.severed(this);
    this.severed(other);
  }

  // What others send.

  tell(message: unknown, options?: TellOptions): void {
    const item = options?.timeoutMs === undefined ? message : this.kernel.perishable(this, message, options.timeoutMs);
    const outcome = this.offer(item);
    if (outcome === REFUSED_STOPPED) this.lose(item, "stopped");
    else if (outcome === REFUSED_FULL) throw new MailboxFullError(this.path, this.limits, message);
  }

  tellWhenRoom(message: unknown): Promise<void> {
    if (this.hasRoom && this.offer(message) === ACCEPTED) return Promise.resolve();
    if (this.state === STOPPED) {
      this.lose(message, "stopped");
      return Promise.reject(new ActorStoppedError(this.path, this.reason));
    }
    const sender = new WaitingSender(message);
    waitInLine(this, sender);
    return sender.admitted.promise;
  }

  /** An ask, within an envelope when there is one. What refuses it also rejects it. */
  askFor(
    message: unknown,
    envelope: Envelope | undefined,
    timeoutMs: number,
    scope: AskScope | null = null,
    latestTick = 0,
  ): Promise<unknown> {
    if (!(timeoutMs >= 0 && timeoutMs < Number.POSITIVE_INFINITY)) {
      return Promise.reject(new InvalidOptionError("timeoutMs", "a finite number of milliseconds from 0", timeoutMs));
    }
    const way = scope === null ? undefined : cycleThrough(this, scope);
    if (way !== undefined) {
      if (envelope !== undefined) this.lose(envelope, "ask-cycle");
      return Promise.reject(new AskCycleError(way));
    }
    const ask = new Ask(message, envelope, timeoutMs, this, scope);
    this.kernel.deadlines.add(ask, latestTick);
    const outcome = this.offer(ask);
    if (outcome === REFUSED_STOPPED) this.lose(ask, "stopped");
    else if (outcome === REFUSED_FULL) ask.reject(new MailboxFullError(this.path, this.limits, message));
    return ask.promise;
  }

  /** Puts an item into the mailbox, or says why not. Only a dropped one has been taken care of. */
  offer(item: unknown): Offer {
    const state = this.state;
    if (state === STOPPED) return REFUSED_STOPPED;
    const backlog = this.backlog;
    if (this.slot === NOTHING && (backlog === null || backlog.size === 0)) this.slot = item;
    else if (backlog === null || !backlog.takes(item, this.limits.capacity - 1)) {
      const outcome = queue(this, item);
      if (outcome !== ACCEPTED) return outcome;
    }
    if (state === IDLE) {
      this.state = READY;
      this.kernel.dispatcher.enqueue(this);
    }
    return ACCEPTED;
  }

  severed(from: Linked): void {
    this.ties?.incarnation?.links.delete(from);
  }

  hearExit(exit: Terminated): void {
    this.post({ kind: "linked-exit", actor: this.actor, exit });
  }

  hear(terminated: Terminated): void {
    this.post({ kind: "terminated", terminated });
  }

  /** Asks the actor how it is, in the system lane. Nobody answers for an actor that hangs. */
  checkHealth(answer: (report: HealthReport) => void): void {
    this.post({ kind: "health-check", answer });
  }

  // Its turn.

  run(budget: number): number {
    const taken = this.kernel.loop.run(this, budget);
    this.handled += taken;
    return taken;
  }

  /** The message that waited longest, or NOTHING. */
  take(): unknown {
    const item = this.slot;
    if (item !== NOTHING) {
      this.slot = NOTHING;
      return item;
    }
    const backlog = this.backlog;
    if (backlog === null || backlog.size === 0) return NOTHING;
    const oldest = backlog.shift();
    if (backlog.line !== null) admit(this, backlog);
    return oldest;
  }

  /** The signal that waited longest. */
  takeSignal(): Signal | undefined {
    const signal = this.signals?.shift();
    if (this.signals?.isEmpty === true) this.signals = null;
    return signal;
  }

  /** Between two messages: waits for a turn when there is something to do, else for something to do. */
  rest(): void {
    if (this.slot === NOTHING && this.signals === null && (this.backlog === null || this.backlog.size === 0)) {
      this.state = IDLE;
      return;
    }
    this.state = READY;
    this.ties?.incarnation?.endScope();
    this.kernel.dispatcher.enqueue(this);
  }

  // Coming and going.

  start(): Promise<void> | undefined {
    return this.kernel.life.start(this);
  }

  /** Leaves after the message at hand, with the reason `normal`. */
  stop(): void {
    this.kernel.life.depart(this, this.isSupervised ? LEAVING : CLOSING, NORMAL);
  }

  shutDown(reason: ExitReason, shutdown: Shutdown): Promise<void> | undefined {
    return this.kernel.life.end(this, CLOSING, reason, shutdown);
  }

  /** Stops the actor on behalf of somebody who is not its parent: a supervisor may bring it back. */
  dismiss(reason: ExitReason): Promise<void> | undefined {
    return this.kernel.life.end(this, this.isSupervised ? LEAVING : CLOSING, reason, this.shutdown);
  }

  kill(): void {
    this.kernel.life.kill(this);
  }

  /** Counts this incarnation as crashed. One that hangs is not waited for. */
  condemn(error: unknown): void {
    this.kernel.life.condemn(this, error);
  }

  /** Puts the actor under a supervisor, which then decides what becomes of it when it leaves. */
  superviseBy(supervision: Supervision): void {
    this.tied().supervision = supervision;
  }

  /** Ends something when the actor has stopped for good. The result takes it off again. */
  attach(attachment: Disposable): () => void {
    const { attachments } = this.tied();
    attachments.add(attachment);
    return () => attachments.delete(attachment);
  }

  // What others may know.

  describe(): TreeNode {
    return {
      path: this.path,
      kind: "actor",
      state: nameOf(this.state),
      restarts: 0,
      mailbox: this.mailboxSize,
      counters: {
        handled: this.handled,
        failed: this.ties?.failed ?? 0,
        deadLetters: this.ties?.deadLetters ?? 0,
        stashed: this.ties?.incarnation?.stash.length ?? 0,
      },
      children: describeFamily(this),
    };
  }

  get mailboxSize(): number {
    return (this.slot === NOTHING ? 0 : 1) + (this.backlog?.size ?? 0);
  }

  get hasRoom(): boolean {
    return this.state !== STOPPED && !isFull(this);
  }

  /** Whether a message offered now would be handed back to its sender. */
  get isRefusing(): boolean {
    return this.state !== STOPPED && !this.hasRoom && this.limits.overflow === "error";
  }

  get isStopped(): boolean {
    return this.state === STOPPED;
  }

  get isRoot(): boolean {
    return this.parentCell === null && !this.isSupervised;
  }

  get isSupervised(): boolean {
    return this.ties?.supervision !== undefined;
  }

  get shutdown(): Shutdown {
    return this.ties?.supervision?.shutdown ?? DEFAULT_SHUTDOWN_MS;
  }

  get isEnding(): boolean {
    return this.state === LEAVING || this.state === CLOSING;
  }

  drain(): void {
    empty(this);
    this.signals = null;
  }

  tied(): Ties {
    this.ties ??= new Ties();
    return this.ties;
  }

  /** Takes an id among the children. @throws DuplicateIdError when it is taken. */
  claim(id: string): void {
    checkId(id);
    const { childIds } = this.tied();
    if (childIds.has(id)) throw new DuplicateIdError(this.path, id);
    childIds.add(id);
  }

  disclaim(id: string): void {
    this.ties?.childIds.delete(id);
  }

  post(signal: Signal): void {
    if (this.state === STOPPED) return;
    if (this.signals === null) this.signals = new SignalLane(signal);
    else this.signals.push(signal);
    if (this.state === IDLE) this.rest();
  }

  /** Makes a dead letter of an item that will not be handled, and tells whoever waits for its reply. */
  lose(item: unknown, reason: DeadLetterReason, cause?: unknown): void {
    if (item === NOTHING) return;
    if (this.state !== STOPPED) this.tied().deadLetters += 1;
    bury(item, reason, this, cause);
  }
}

/** @throws ForeignRefError when the ref is not of this package. */
export function cellOf(ref: { readonly path: string }): ActorCell {
  const cell = LocalRef.addresseeOf(ref);
  if (cell instanceof ActorCell) return cell;
  throw new ForeignRefError(ref.path);
}
