import {
  type ActorRef,
  type ActorSystem,
  type AskOptions,
  type DeadLetterReason,
  type LifecycleEventType,
  MailboxFullError,
  RtError,
  type RtErrorCode,
  type TellOptions,
  type TreeNode,
} from "@airssys/rt";
import type { Order } from "./hand.ts";

/** Keeps account of every message, from outside the kernel: what was sent, and what became of it. */
export class Ledger {
  sent = 0;
  /** A full mailbox gave it back to its sender. */
  handedBack = 0;
  handled = 0;
  /** Asks and envelopes that were refused as they were meant to be, by the code. */
  readonly refusals = new Map<RtErrorCode, number>();
  /** What the system said that happened. */
  readonly events = new Map<LifecycleEventType, number>();
  readonly lost = new Map<DeadLetterReason, number>();
  /** What should not have happened; none is forgiven. */
  readonly surprises: string[] = [];

  constructor({ events }: ActorSystem) {
    events.subscribe(({ type }) => increase(this.events, type));
    events.on("message-dead-lettered", ({ letter }) => increase(this.lost, letter.reason));
  }

  /** A full mailbox may hand the message back. */
  tell(ref: ActorRef<Order>, order: Order, options?: TellOptions): void {
    this.sent += 1;
    try {
      ref.tell(order, options);
    } catch (error) {
      if (error instanceof MailboxFullError) this.handedBack += 1;
      else this.surprises.push(String(error));
    }
  }

  /** Sends an envelope. One that is refused, with one of `expected`, is a dead letter. */
  send(send: () => void, ...expected: readonly RtErrorCode[]): void {
    this.sent += 1;
    try {
      send();
    } catch (error) {
      this.#judge(error, expected);
    }
  }

  /** Asks something that is answered, or ends with one of `expected`. */
  ask(ref: ActorRef<Order>, order: Order, options?: AskOptions, ...expected: readonly RtErrorCode[]): void {
    this.request(() => ref.ask(order, options), ...expected);
  }

  request(ask: () => Promise<unknown>, ...expected: readonly RtErrorCode[]): void {
    this.sent += 1;
    ask().catch((error: unknown) => this.#judge(error, expected));
  }

  /** Asks something that ends with `expected` before it is sent. */
  askInVain(expected: RtErrorCode, ask: () => Promise<unknown>): void {
    ask().then(
      () => this.surprises.push(`an ask that should have ended with ${expected} was answered`),
      (error: unknown) => this.#judge(error, [expected]),
    );
  }

  /** Messages of which nobody can say what became of them, while some may still be under way. 0 when all is quiet. */
  missing(system: ActorSystem): number {
    const { deadLetters } = system;
    // A late reply is no message that somebody sent here; the question was handled.
    const lost = deadLetters.total - deadLetters.count("late-reply");
    return this.sent - this.handedBack - this.handled - lost - waitingIn(system.tree());
  }

  #judge(error: unknown, expected: readonly RtErrorCode[]): void {
    if (error instanceof RtError && expected.includes(error.code)) increase(this.refusals, error.code);
    else this.surprises.push(String(error));
  }
}

function increase<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** How many messages wait in the mailboxes of a tree. */
export function waitingIn({ mailbox, counters, children }: TreeNode): number {
  return children.reduce((sum, child) => sum + waitingIn(child), mailbox + (counters?.stashed ?? 0));
}
