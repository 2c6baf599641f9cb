import type { ActorLog } from "./actor-log.ts";
import type { Terminated } from "./actor.ts";
import type { Timer } from "./clock.ts";
import { ActorStartError, ActorStoppedError } from "./errors.ts";
import { errorBehind, type ExitReason } from "./exit-reason.ts";
import type { Shutdown } from "./family.ts";
import type { Incarnation } from "./incarnation.ts";
import type { MessageBroker } from "./message-broker.ts";

/** Who decides what becomes of an actor that left. */
export interface Supervision {
  /** The path of the supervisor. */
  readonly path: string;
  readonly shutdown: Shutdown;
  exited(reason: ExitReason): void;
  /** Whether an actor that left with this reason is brought back, as far as its restart type says. */
  comesBack(reason: ExitReason): boolean;
}

export interface Watcher {
  hear(terminated: Terminated): void;
}

/** What binds an actor to others. Most actors have none of it, so it is a separate object, made when first needed. */
export class Ties {
  readonly #watches = new Map<object, Disposable>();
  supervision: Supervision | undefined = undefined;
  readonly watchers: Set<Watcher> = new Set();
  /** Ended with the actor: names, subscriptions, watches. A restart keeps them. */
  readonly attachments: Set<Disposable> = new Set();
  readonly childIds: Set<string> = new Set();
  /** Who waits for the present incarnation to start. */
  starting: PromiseWithResolvers<void> | undefined = undefined;
  /** Whether its `preStart` is over, though it has not started: somebody stopped it meanwhile. */
  isPrepared = false;
  leaving: PromiseWithResolvers<void> | undefined = undefined;
  deadline: Timer | undefined = undefined;
  isInPostStop = false;
  /** Whether it has been reported that the present incarnation is ending. */
  isStoppingKnown = false;
  /** What the present incarnation holds. */
  incarnation: Incarnation | undefined = undefined;
  /** What the incarnation before left for the next one, and why it left; until that one has started. */
  handedOver: unknown = undefined;
  predecessor: ExitReason | undefined = undefined;
  log: ActorLog | undefined = undefined;
  broker: MessageBroker | undefined = undefined;
  failed = 0;
  deadLetters = 0;

  /** Has `watcher`, whose ties these are, hear of the end of `watched`. Twice is once. */
  watch(watcher: Watcher, watched: object, { watchers }: Ties): void {
    if (this.#watches.has(watched)) return;
    watchers.add(watcher);
    const watching: Disposable = {
      [Symbol.dispose]: () => {
        watchers.delete(watcher);
        this.#watches.delete(watched);
        this.attachments.delete(watching);
      },
    };
    this.#watches.set(watched, watching);
    this.attachments.add(watching);
  }

  unwatch(watched: object): void {
    this.#watches.get(watched)?.[Symbol.dispose]();
  }

  /** Keeps what an incarnation leaves to the next one. */
  leave(handedOver: unknown): void {
    this.handedOver = handedOver;
  }

  /** Nothing of an incarnation that is over is kept. */
  forgetPredecessor(): void {
    this.handedOver = undefined;
    this.predecessor = undefined;
  }

  /** The incarnation is over: whoever waits for that goes on. Says whether it had started; who waited for its start hears why not. */
  releaseIncarnation(path: string, reason: ExitReason): boolean {
    const { leaving, starting } = this;
    this.isInPostStop = false;
    this.isStoppingKnown = false;
    this.isPrepared = false;
    this.starting = undefined;
    this.leaving = undefined;
    leaving?.resolve();
    starting?.reject(new ActorStartError(path, errorBehind(reason) ?? new ActorStoppedError(path, reason)));
    return starting === undefined;
  }
}
