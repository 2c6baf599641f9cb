import type { HostAbortSignal } from "./abort-signal.ts";
import type { ActorLog } from "./actor-log.ts";
import type { ActorRef, AnyActorRef, AskOptions } from "./actor-ref.ts";
import type { Timers } from "./actor-timers.ts";
import type { Clock } from "./clock.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Envelope } from "./envelope.ts";
import type { EventStream } from "./event-stream.ts";
import type { ExitReason } from "./exit-reason.ts";
import type { MailboxOptions } from "./mailbox.ts";
import type { MessageBroker } from "./message-broker.ts";
import type { MessageSchema } from "./message-schema.ts";
import type { Registry } from "./registry.ts";
import type { Answer, ReplyTo } from "./request.ts";
import type { Stashed } from "./stash.ts";

/** What an actor says of itself when asked; `detail` is for the operator. */
export type HealthReport =
  | { readonly status: "healthy" }
  | { readonly status: "degraded"; readonly detail: string }
  | { readonly status: "unhealthy"; readonly detail: string };

/** Told to a watcher when the actor it watches is down for good; a restart is no such thing. */
export interface Terminated {
  readonly ref: AnyActorRef;
  readonly reason: ExitReason;
}

/**
 * State and the handler that alone may touch it. Everything here is called one at a time; a hook that returns a promise holds
 * back the next call until the promise settles. What any of them throws is a failure: the actor's supervisor decides.
 */
export interface Actor<M> {
  /** Handles one message. What it returns is the reply, when somebody asked. */
  receive(message: M, context: ActorContext<M>): Answer<M>;
  /** Runs before the first message of this incarnation. */
  preStart?(context: ActorContext<M>): void | Promise<void>;
  /** Runs when this incarnation ends, after its children have; a killed one is not waited for. */
  postStop?(context: ActorContext<M>, reason: ExitReason): void | Promise<void>;
  /**
   * Runs after this incarnation failed, and its children have stopped, when its supervisor's next step is to build another; before
   * `postStop`. What it returns is `context.handedOver` to the next factory. One that is killed, or hangs, is not asked.
   */
  preRestart?(context: ActorContext<M>, reason: ExitReason): unknown;
  /** Runs after `preStart` in an incarnation that follows another, which left with `reason`. */
  postRestart?(context: ActorContext<M>, reason: ExitReason): void | Promise<void>;
  /** Hears that a watched actor is down, ahead of waiting messages. */
  onTerminated?(terminated: Terminated, context: ActorContext<M>): void | Promise<void>;
  /** Hears that a linked actor's incarnation ended, whatever the reason. An actor without this shares its fate: see `link`. */
  onLinkedExit?(exit: Terminated, context: ActorContext<M>): void | Promise<void>;
  /** Answers a health check, ahead of waiting messages. */
  health?(): HealthReport | Promise<HealthReport>;
}

/**
 * The context of an actor whose message type does not matter here. A ref neither narrows nor widens with its message type (an ask
 * gives back what the type says), so only `any` is every actor's context.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- see above
export type AnyActorContext = ActorContext<any>;

/** An actor of any kind, where its message type does not matter. */
export interface AnyActor {
  receive(message: unknown, context: AnyActorContext): unknown;
  preStart?(context: AnyActorContext): void | Promise<void>;
  postStop?(context: AnyActorContext, reason: ExitReason): void | Promise<void>;
  preRestart?(context: AnyActorContext, reason: ExitReason): unknown;
  postRestart?(context: AnyActorContext, reason: ExitReason): void | Promise<void>;
  onTerminated?(terminated: Terminated, context: AnyActorContext): void | Promise<void>;
  onLinkedExit?(exit: Terminated, context: AnyActorContext): void | Promise<void>;
  health?(): HealthReport | Promise<HealthReport>;
}

/** Declared as a method, so that the factory of any actor is one: a cell hands it the context it is made for. */
export type AnyActorFactory = { build(context: AnyActorContext): AnyActor }["build"];

/** Builds an actor; called anew for every incarnation, so that no state survives a restart. */
export type ActorFactory<M> = (context: ActorContext<M>) => Actor<M>;

export interface SpawnOptions<M = unknown> {
  /** The last segment of the path; unique among siblings. A number is chosen unless given. */
  readonly id?: string;
  readonly mailbox?: MailboxOptions<M>;
  /**
   * What every message that others send must fit; the actor then gets what the schema makes of it. Of a message that does not fit,
   * an asker hears with InvalidMessageError, and a bare one becomes a dead letter with the reason `rejected`.
   */
  readonly schema?: MessageSchema<M>;
}

/** Handles messages in an actor's stead. A method, so that a handler of some messages is one of fewer. */
export type Handler<M> = { receive(message: M, context: ActorContext<M>): Answer<M> }["receive"];

/** What an actor sees of the system it lives in. */
export interface ActorHost {
  readonly name: string;
  readonly registry: Registry;
  readonly broker: MessageBroker;
  readonly deadLetters: DeadLetters;
  readonly events: EventStream;
}

/** What an actor can do beyond handling messages. */
export interface ActorContext<M> {
  readonly self: ActorRef<M>;
  readonly path: string;
  /** The actor that spawned this one; undefined at the top of the tree and under a supervisor. */
  readonly parent: AnyActorRef | undefined;
  readonly system: ActorHost;
  /**
   * The system's broker, for what is sent as part of the message at hand: an envelope names the one at hand as its cause, and a
   * request keeps to the deadline at hand and fails, as `ask` does, when it would wait for itself. `system.broker` knows neither.
   */
  readonly broker: MessageBroker;
  readonly clock: Clock;
  /** Of the message being handled, when it came through a broker; a bare tell or ask has none. */
  readonly envelope: Envelope | undefined;
  /**
   * Aborted when the work of the message at hand is not wanted any more: this incarnation ended, or the message's deadline passed.
   * Hand it to `fetch` and its like. Made when first asked for.
   */
  readonly signal: HostAbortSignal;
  /** Messages to this actor, later. */
  readonly timers: Timers<M>;
  /** Notes with this actor's path on them, for the log of the system. */
  readonly log: ActorLog;
  /** The actors spawned by this incarnation that are still there, in order. */
  readonly children: readonly AnyActorRef[];
  /** What the incarnation before returned from `preRestart`, until this one has started; else undefined. */
  readonly handedOver: unknown;
  /** Whether somebody waits for the reply to the message being handled. */
  readonly isAsked: boolean;

  /**
   * Starts a child. It lives no longer than this incarnation; when it crashes it stops, and its watchers are told.
   * @throws ActorStartError when its factory or `preStart` throws; DuplicateIdError when the id is taken.
   */
  spawn<N>(factory: ActorFactory<N>, options?: SpawnOptions<NoInfer<N>>): ActorRef<N>;

  /** Asks to hear, in `onTerminated`, when that actor is down for good. At once, if it is. Watching twice is watching once. */
  watch(ref: AnyActorRef): void;
  unwatch(ref: AnyActorRef): void;

  /**
   * Ties this incarnation to one of another actor, both ways, until either ends. When one ends with an error, the other fails with
   * LinkedActorError; when one is shut down, so is the other; `normal` is nobody's business. An actor with `onLinkedExit` hears of
   * it instead. Linking to one that is down is hearing of its end.
   */
  link(ref: AnyActorRef): void;
  unlink(ref: AnyActorRef): void;

  /**
   * Asks another actor as part of the message at hand: its deadline holds for this ask too, if it is the shorter one, and an ask
   * that would wait for itself, A → B → A, also through a router, rejects at once with AskCycleError. A bare `ref.ask` knows neither.
   */
  ask<N, const Sent extends N>(ref: ActorRef<N>, message: Sent, options?: AskOptions): Promise<ReplyTo<N, Sent>>;

  /** Handles the messages after this one with `handler`, until it becomes something else. A restart begins with `receive` again. */
  become(handler: Handler<M>): void;
  /** Goes back to the actor's own `receive`. */
  unbecome(): void;

  /**
   * What a handler returns to put the message at hand aside: it counts as not handled yet, and who asked goes on waiting. When the
   * incarnation ends, what it put aside goes back to the front of the mailbox: a successor gets it, or it becomes a dead letter.
   * @throws StashFullError when as many are put aside as may be.
   */
  stash(): Stashed;
  /** Has what was put aside handled next, in the order it came. */
  unstashAll(): void;

  /**
   * Has the outcome of some work handled as a message, ahead of waiting ones and whatever the mailbox's capacity, without holding
   * back the messages in between. When this incarnation has ended by then, nobody hears of it.
   */
  pipeToSelf<T>(work: Promise<T>, toMessage: (outcome: PromiseSettledResult<T>) => M): void;

  /** Stops this actor after the message at hand, with the reason `normal`. */
  stop(): void;

  /** Hands over a message this actor could do nothing with. */
  deadLetter(message: unknown, reason: DeadLetterReason): void;
}
