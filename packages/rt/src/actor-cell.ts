import type {
  AnyActor,
  AnyActorFactory,
  ActorContext,
  ActorFactory,
  ActorHost,
  HealthReport,
  SpawnOptions,
  Terminated,
} from "./actor.ts";
import type { AskOptions, AnyActorRef, ActorRef } from "./actor-ref.ts";
import { CLOSING, IDLE, LEAVING, nameOf, PARKED, READY, STOPPED, type CellState } from "./cell-state.ts";
import { Ask, DEFAULT_ASK_TIMEOUT_MS } from "./ask.ts";
import type { Clock } from "./clock.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import type { Runnable } from "./dispatcher.ts";
import { Envelope } from "./envelope.ts";
import {
  ActorStoppedError,
  DuplicateIdError,
  ForeignRefError,
  InvalidOptionError,
  MailboxFullError,
} from "./errors.ts";
import { NORMAL, type ExitReason } from "./exit-reason.ts";
import { adopt, DEFAULT_SHUTDOWN_MS, describeFamily, type Parent, type Relative, type Shutdown } from "./family.ts";
import type { Kernel } from "./kernel.ts";
import { type Addressee, LocalRef } from "./local-ref.ts";
import { Backlog, limitsFrom, NOTHING, type MailboxLimits, type MailboxOptions } from "./mailbox.ts";
import type { MessageBroker } from "./message-broker.ts";
import { ACCEPTED, DROPPED, REFUSED_FULL, REFUSED_STOPPED, type Offer } from "./offer.ts";
import type { Signal } from "./signal.ts";
import { bury } from "./undelivered.ts";
import { Ties, type Supervision, type Watcher } from "./ties.ts";
import type { TreeNode } from "./tree-node.ts";

let spawned = 0;

/**
 * One actor: its mailbox, its state, and the only loop that calls its handler. The same cell serves every incarnation, which is
 * why a ref outlives a restart. It is also the actor's context: one object less per actor (bench: `heap`).
 */
export class ActorCell implements ActorContext<unknown>, Addressee, Parent, Relative, Runnable, Watcher {
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
  /** The only waiting message. More than one is a backlog; most actors never have one. */
  #slot: unknown = NOTHING;
  #backlog: Backlog | null = null;
  signals: Signal[] | null = null;
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
  ) {
    this.self = new LocalRef(this);
    this.kernel = kernel;
    this.parentCell = parent;
    this.factory = factory;
    this.id = id ?? (spawned += 1);
    this.limits = limitsFrom(mailbox);
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

  get system(): ActorHost {
    return this.kernel.host;
  }

  get broker(): MessageBroker {
    return this.kernel.host.broker;
  }

  get clock(): Clock {
    return this.kernel.clock;
  }

  get envelope(): Envelope | undefined {
    const current = this.current;
    if (current instanceof Envelope) return current;
    return current instanceof Ask ? current.envelope : undefined;
  }

  get isAsked(): boolean {
    return this.current instanceof Ask;
  }

  spawn<N>(factory: ActorFactory<N>, options?: SpawnOptions): ActorRef<N>;
  spawn(factory: AnyActorFactory, options?: SpawnOptions): AnyActorRef {
    if (this.state === STOPPED || this.state === PARKED) throw new ActorStoppedError(this.path);
    const id = options?.id;
    if (id !== undefined) this.claim(id);
    const child = new ActorCell(this.kernel, this, factory, id, options?.mailbox);
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

  pipeToSelf<T>(work: Promise<T>, toMessage: (outcome: PromiseSettledResult<T>) => unknown): void {
    const actor = this.actor;
    const deliver = (outcome: PromiseSettledResult<T>): void => {
      if (actor === null || this.actor !== actor) return;
      this.#signal({ kind: "piped", actor, message: () => toMessage(outcome) });
    };
    work.then(
      (value) => deliver({ status: "fulfilled", value }),
      (reason: unknown) => deliver({ status: "rejected", reason }),
    );
  }

  deadLetter(message: unknown, reason: DeadLetterReason): void {
    this.kernel.deadLetters.record({ reason, message, recipient: this.path, envelope: this.envelope, ref: this.self });
  }

  // What others send.

  tell(message: unknown): void {
    const outcome = this.offer(message);
    if (outcome === REFUSED_STOPPED) this.lose(message, "stopped");
    else if (outcome === REFUSED_FULL) throw new MailboxFullError(this.path, this.limits.capacity, message);
  }

  ask(message: unknown, options?: AskOptions): Promise<unknown> {
    return this.askFor(message, undefined, options?.timeoutMs ?? DEFAULT_ASK_TIMEOUT_MS);
  }

  /** An ask, within an envelope when there is one. What refuses it also rejects it. */
  askFor(message: unknown, envelope: Envelope | undefined, timeoutMs: number): Promise<unknown> {
    if (!(timeoutMs >= 0 && timeoutMs < Number.POSITIVE_INFINITY)) {
      return Promise.reject(new InvalidOptionError("timeoutMs", "a finite number of milliseconds from 0", timeoutMs));
    }
    const ask = new Ask(message, envelope, timeoutMs, this);
    this.kernel.deadlines.add(ask);
    const outcome = this.offer(ask);
    if (outcome === REFUSED_STOPPED) this.lose(ask, "stopped");
    else if (outcome === REFUSED_FULL) ask.reject(new MailboxFullError(this.path, this.limits.capacity, message));
    return ask.promise;
  }

  /** Puts an item into the mailbox, or says why not. Only a dropped one has been taken care of. */
  offer(item: unknown): Offer {
    const state = this.state;
    if (state === STOPPED) return REFUSED_STOPPED;
    if (this.#slot === NOTHING && (this.#backlog === null || this.#backlog.size === 0)) this.#slot = item;
    else {
      const outcome = this.#queue(item);
      if (outcome !== ACCEPTED) return outcome;
    }
    if (state === IDLE) {
      this.state = READY;
      this.kernel.dispatcher.enqueue(this);
    }
    return ACCEPTED;
  }

  hear(terminated: Terminated): void {
    this.#signal({ kind: "terminated", terminated });
  }

  /** Asks the actor how it is, in the system lane. Nobody answers for an actor that hangs. */
  checkHealth(answer: (report: HealthReport) => void): void {
    this.#signal({ kind: "health-check", answer });
  }

  // Its turn.

  run(budget: number): number {
    return this.kernel.loop.run(this, budget);
  }

  /** The message that waited longest, or NOTHING. */
  take(): unknown {
    const item = this.#slot;
    if (item !== NOTHING) {
      this.#slot = NOTHING;
      return item;
    }
    const backlog = this.#backlog;
    return backlog === null || backlog.size === 0 ? NOTHING : backlog.shift();
  }

  /** The signal that waited longest. */
  takeSignal(): Signal | undefined {
    const signal = this.signals?.shift();
    if (this.signals?.length === 0) this.signals = null;
    return signal;
  }

  /** Between two messages: waits for a turn when there is something to do, else for something to do. */
  rest(): void {
    if (this.#slot === NOTHING && this.signals === null && (this.#backlog === null || this.#backlog.size === 0)) {
      this.state = IDLE;
      return;
    }
    this.state = READY;
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
      children: describeFamily(this),
    };
  }

  get mailboxSize(): number {
    return (this.#slot === NOTHING ? 0 : 1) + (this.#backlog?.size ?? 0);
  }

  get capacity(): number {
    return this.limits.capacity;
  }

  get hasRoom(): boolean {
    return this.state !== STOPPED && this.mailboxSize < this.limits.capacity;
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
    for (let item = this.take(); item !== NOTHING; item = this.take()) this.lose(item, "stopped");
    this.#backlog = null;
    this.signals = null;
  }

  // Details.

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

  #queue(item: unknown): Offer {
    const { capacity, overflow } = this.limits;
    this.#backlog ??= new Backlog();
    if (this.mailboxSize >= capacity) {
      const { events } = this.kernel;
      if (events.observes("mailbox-overflowed")) {
        events.emit({ type: "mailbox-overflowed", path: this.path, capacity });
      }
      switch (overflow) {
        case "error":
          return REFUSED_FULL;
        case "drop-newest":
          this.lose(item, "mailbox-full");
          return DROPPED;
        case "drop-oldest":
          this.lose(this.take(), "mailbox-full");
      }
    }
    this.#backlog.push(item);
    return ACCEPTED;
  }

  #signal(signal: Signal): void {
    if (this.state === STOPPED) return;
    if (this.signals === null) this.signals = [signal];
    else this.signals.push(signal);
    if (this.state === IDLE) this.rest();
  }

  /** Makes a dead letter of an item that will not be handled, and tells whoever waits for its reply. */
  lose(item: unknown, reason: DeadLetterReason, cause?: unknown): void {
    if (item !== NOTHING) bury(item, reason, this.self, this.limits.capacity, this.kernel, cause);
  }
}

/** @throws ForeignRefError when the ref is not of this package. */
export function cellOf(ref: { readonly path: string }): ActorCell {
  const cell = LocalRef.addresseeOf(ref);
  if (cell instanceof ActorCell) return cell;
  throw new ForeignRefError(ref.path);
}

/** An id is one segment of a path. */
export function checkId(id: string): void {
  if (id === "" || id.includes("/")) throw new InvalidOptionError("id", "a name without /", JSON.stringify(id));
}
