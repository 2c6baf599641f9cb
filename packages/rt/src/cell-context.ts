import type { ActorContext, ActorHost, AnyActor, SpawnOptions, ActorFactory } from "./actor.ts";
import { ActorBroker } from "./actor-broker.ts";
import { PathLog, type ActorLog } from "./actor-log.ts";
import type { ActorRef, AnyActorRef, AskOptions } from "./actor-ref.ts";
import type { Timers } from "./actor-timers.ts";
import { Ask } from "./ask.ts";
import type { WaitingMessages } from "./backlog.ts";
import { AskScope } from "./call-chain.ts";
import { IDLE, PARKED, READY, STOPPED, type CellState } from "./cell-state.ts";
import type { Clock } from "./clock.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import { Envelope } from "./envelope.ts";
import { StashFullError } from "./errors.ts";
import type { ExitReason } from "./exit-reason.ts";
import { Incarnation } from "./incarnation.ts";
import type { Kernel } from "./kernel.ts";
import type { MailboxLimits } from "./mailbox.ts";
import type { MessageBroker } from "./message-broker.ts";
import type { MessageSchema } from "./message-schema.ts";
import { askWithin, nestingOf, type Nesting } from "./nested-ask.ts";
import { putBack, type Mailbox } from "./overflow.ts";
import { guard, type Receiver } from "./receiver.ts";
import type { ReplyTo } from "./request.ts";
import type { Signal } from "./signal.ts";
import { SignalLane } from "./signal-lane.ts";
import { STASHED, type Stashed } from "./stash.ts";
import type { Ties } from "./ties.ts";

/**
 * What an actor sees of its cell. A base class and not an object of its own, which would make an idle actor a tenth larger
 * (bench: `heap`).
 */
export abstract class CellContext implements ActorContext<unknown>, Mailbox {
  abstract readonly self: ActorRef<unknown>;
  abstract readonly path: string;
  abstract readonly parent: AnyActorRef | undefined;
  abstract readonly children: readonly AnyActorRef[];
  abstract readonly kernel: Kernel<unknown>;
  abstract readonly limits: MailboxLimits;
  abstract readonly mailboxSize: number;
  abstract slot: unknown;
  abstract backlog: WaitingMessages | null;
  abstract signals: SignalLane | null;
  abstract state: CellState;
  abstract actor: AnyActor | null;
  abstract receiver: Receiver;
  abstract handled: number;
  abstract current: unknown;
  abstract reason: ExitReason;
  abstract ties: Ties | null;
  abstract tied(): Ties;
  abstract post(signal: Signal): void;
  abstract rest(): void;
  abstract lose(item: unknown, reason: DeadLetterReason): void;
  abstract spawn<N>(factory: ActorFactory<N>, options?: SpawnOptions): ActorRef<N>;
  abstract watch(ref: AnyActorRef): void;
  abstract unwatch(ref: AnyActorRef): void;
  abstract link(ref: AnyActorRef): void;
  abstract unlink(ref: AnyActorRef): void;
  abstract stop(): void;

  get system(): ActorHost {
    return this.kernel.host;
  }

  get broker(): MessageBroker {
    return (this.tied().broker ??= new ActorBroker(this.kernel.broker, this));
  }

  get clock(): Clock {
    return this.kernel.clock;
  }

  get envelope(): Envelope | undefined {
    const current = this.current;
    if (current instanceof Envelope) return current;
    return current instanceof Ask ? current.envelope : undefined;
  }

  /** As part of what this actor asks, if it asks now. */
  get nesting(): Nesting {
    return nestingOf(this, this.#scope());
  }

  get isAsked(): boolean {
    return this.current instanceof Ask;
  }

  get signal(): AbortSignal {
    return this.held().signalFor(this.current, this.clock);
  }

  get timers(): Timers<unknown> {
    const { actor } = this;
    return this.held().timers(this.clock, (timer) => this.post({ kind: "timed", actor, timer }));
  }

  get log(): ActorLog {
    const { log, clock } = this.kernel;
    return (this.tied().log ??= new PathLog(this, log, () => clock.wallTime()));
  }

  get handedOver(): unknown {
    return this.ties?.handedOver;
  }

  become(handler: Receiver["receive"]): void {
    this.receive({ receive: handler });
  }

  unbecome(): void {
    if (this.actor !== null) this.receive(this.actor);
  }

  stash(): Stashed {
    const { stashCapacity } = this.limits;
    if (this.held().stash.length >= stashCapacity) throw new StashFullError(this.path, stashCapacity);
    return STASHED;
  }

  unstashAll(): void {
    const held = this.ties?.incarnation;
    if (held === undefined || held.stash.length === 0) return;
    const { stash } = held;
    held.stash = [];
    putBack(this, stash);
    if (this.state === IDLE) this.rest();
  }

  ask<N, Sent extends N>(ref: ActorRef<N>, message: Sent, options?: AskOptions): Promise<ReplyTo<N, Sent>>;
  ask(ref: ActorRef<unknown>, message: unknown, options?: AskOptions): Promise<unknown> {
    return askWithin(this, this.#scope(), ref, message, options?.timeoutMs);
  }

  pipeToSelf<T>(work: Promise<T>, toMessage: (outcome: PromiseSettledResult<T>) => unknown): void {
    const actor = this.actor;
    const deliver = (outcome: PromiseSettledResult<T>): void => {
      if (actor === null || this.actor !== actor) return;
      this.post({ kind: "piped", actor, message: () => toMessage(outcome) });
    };
    work.then(
      (value) => deliver({ status: "fulfilled", value }),
      (reason: unknown) => deliver({ status: "rejected", reason }),
    );
  }

  deadLetter(message: unknown, reason: DeadLetterReason): void {
    this.tied().deadLetters += 1;
    this.kernel.deadLetters.record({ reason, message, recipient: this.path, envelope: this.envelope, ref: this.self });
  }

  /** Whoever handles messages from now on. */
  receive(receiver: Receiver): void {
    const { schema } = this.limits;
    this.receiver = schema === undefined ? receiver : this.#guarded(receiver, schema);
  }

  /** Keeps an item that the handler put off; it has not been handled. */
  putAside(item: unknown): void {
    this.handled -= 1;
    this.held().stash.push(item);
  }

  held(): Incarnation {
    return (this.tied().incarnation ??= new Incarnation());
  }

  /** What asks made now wait for; null when no message is at hand. It is over before the next message is. */
  #scope(): AskScope | null {
    if (this.state === IDLE || this.state === READY || this.state === PARKED || this.state === STOPPED) return null;
    const held = this.held();
    if (held.scope === null) {
      held.scope = new AskScope(this, this.current instanceof Ask ? this.current : null);
      if (this.signals === null) this.signals = new SignalLane({ kind: "handled" });
      else this.signals.unshift({ kind: "handled" });
    }
    return held.scope;
  }

  /** Apart, so that an actor without a schema pays for no closure (bench: `spawn`). */
  #guarded(receiver: Receiver, schema: MessageSchema): Receiver {
    const { actor } = this;
    return guard(receiver, schema, () => this.actor === actor);
  }
}
