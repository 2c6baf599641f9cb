import { anyOf, newAbortController, type HostAbortController } from "./abort-signal.ts";
import type { Terminated } from "./actor.ts";
import { ActorTimers, type ActorTimer } from "./actor-timers.ts";
import { Ask } from "./ask.ts";
import type { AskScope } from "./call-chain.ts";
import type { Clock, Timer } from "./clock.ts";
import { Envelope } from "./envelope.ts";
import { ActorStoppedError } from "./errors.ts";
import { OwedReplies, type Owed } from "./owed-replies.ts";

/** The other end of a link. */
export interface Linked {
  hearExit(exit: Terminated): void;
  /** Forgets the link without a word. */
  severed(from: Linked): void;
}

/** What one incarnation holds and lets go of when it ends. Most hold nothing, so it is made when first needed. */
export class Incarnation {
  readonly links: Set<Linked> = new Set();
  /** Messages put aside, in the order they came. */
  stash: unknown[] = [];
  /** Of the message at hand, once it has asked somebody. */
  scope: AskScope | null = null;
  readonly #envelopeTimers = new Set<Timer>();
  #timers: ActorTimers | null = null;
  #owed: OwedReplies | null = null;
  #controller: HostAbortController | null = null;
  #envelopeSignal: { readonly envelope: Envelope; readonly signal: AbortSignal } | null = null;

  owed(): OwedReplies {
    return (this.#owed ??= new OwedReplies());
  }

  timers(clock: Clock, due: (timer: ActorTimer) => void): ActorTimers {
    this.#timers ??= new ActorTimers(clock, due);
    return this.#timers;
  }

  /** Aborted when the incarnation ends, or when the message at hand is past its deadline. */
  signalFor(current: unknown, clock: Clock): AbortSignal {
    this.#controller ??= newAbortController();
    const { signal } = this.#controller;
    if (current instanceof Ask) return current.signalWithin(signal);
    if (!(current instanceof Envelope) || current.deadline === undefined) return signal;
    if (this.#envelopeSignal?.envelope !== current) {
      const expiring = this.#signalUntil(current.deadline - clock.wallTime(), clock);
      this.#envelopeSignal = { envelope: current, signal: anyOf(signal, expiring) };
    }
    return this.#envelopeSignal.signal;
  }

  endScope(): void {
    if (this.scope !== null) this.scope.isOver = true;
    this.scope = null;
  }

  /** Tells the linked ones, lets go of everything but the stash, and gives back the messages that it owes a reply. */
  end(self: Linked, exit: Terminated): readonly Owed[] {
    this.endScope();
    this.#timers?.cancelAll();
    for (const timer of this.#envelopeTimers) timer.cancel();
    this.#controller?.abort(
      exit.reason.kind === "error" ? exit.reason.error : new ActorStoppedError(exit.ref.path, exit.reason),
    );
    for (const linked of this.links) {
      linked.severed(self);
      linked.hearExit(exit);
    }
    this.links.clear();
    return this.#owed?.end() ?? [];
  }

  #signalUntil(remainingMs: number, clock: Clock): AbortSignal {
    const controller = newAbortController();
    const timer = clock.schedule(() => {
      this.#envelopeTimers.delete(timer);
      controller.abort();
    }, remainingMs);
    this.#envelopeTimers.add(timer);
    return controller.signal;
  }
}
