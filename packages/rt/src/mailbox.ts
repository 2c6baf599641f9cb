import { byteSizeOf } from "./byte-size.ts";
import { Carrier } from "./carrier.ts";
import { InvalidOptionError } from "./errors.ts";
import type { MessageSchema } from "./message-schema.ts";

/**
 * What happens to a message that a full mailbox has no room for. `error`: the sender gets it back. `block`: an ask waits for room,
 * as `tellWhenRoom` does under any policy; a bare tell, which cannot wait, is handed back. The others make a dead letter.
 */
export type Overflow = "error" | "block" | "drop-newest" | "drop-oldest";

/**
 * How urgent a message is; the highest goes first. Must depend on the message alone. One that it throws for, or gives no number for,
 * is the least urgent.
 */
export type Priority<M> = { of(message: M): number }["of"];

export interface MailboxOptions<M = unknown> {
  /** How many messages may wait; 1000 unless said. */
  readonly capacity?: number | "unbounded";
  /**
   * How many bytes may wait: of messages that are bytes or text, by themselves or in an envelope. As long as fewer do, one more is let
   * in, whatever its size; then the mailbox is full. Unlimited unless said, and what other messages hold is not known.
   */
  readonly maxBytes?: number;
  /** `error` unless said. What is dropped becomes a dead letter: with priorities, the oldest of the least urgent. */
  readonly overflow?: Overflow;
  /** First in, first out unless given; and so among messages of one priority. */
  readonly priority?: Priority<M>;
  /** How many messages may be put aside with `context.stash`; 1000 unless said. */
  readonly stashCapacity?: number;
}

/** What an actor lets in, with every field decided. */
export interface MailboxLimits {
  readonly capacity: number;
  readonly maxBytes: number;
  readonly overflow: Overflow;
  readonly stashCapacity: number;
  /** Of an item as it waits: a bare message, an ask or an envelope. */
  readonly priority: ((item: unknown) => number) | undefined;
  readonly schema: MessageSchema | undefined;
}

const DEFAULT_MAILBOX: MailboxLimits = {
  capacity: 1000,
  maxBytes: Number.POSITIVE_INFINITY,
  overflow: "error",
  stashCapacity: 1000,
  priority: undefined,
  schema: undefined,
};

/** @throws InvalidOptionError */
export function limitsFrom(mailbox: MailboxOptions | undefined, schema?: MessageSchema): MailboxLimits {
  if (mailbox === undefined) return schema === undefined ? DEFAULT_MAILBOX : { ...DEFAULT_MAILBOX, schema };
  const { capacity = 1000, maxBytes = Number.POSITIVE_INFINITY, overflow = "error", priority } = mailbox;
  const { stashCapacity = 1000 } = mailbox;
  if (capacity !== "unbounded") checkCapacity("mailbox.capacity", capacity, ', or "unbounded"');
  checkCapacity("mailbox.stashCapacity", stashCapacity, "");
  if (!(maxBytes > 0)) throw new InvalidOptionError("mailbox.maxBytes", "above 0", maxBytes);
  return {
    capacity: capacity === "unbounded" ? Number.POSITIVE_INFINITY : capacity,
    maxBytes,
    overflow,
    stashCapacity,
    priority: priority === undefined ? undefined : (item) => urgencyOf(messageIn(item), priority),
    schema,
  };
}

/** A message whose priority cannot be told must not keep others out: it is the least urgent, and its handler's business. */
function urgencyOf(message: unknown, priority: Priority<unknown>): number {
  try {
    const given: unknown = priority(message);
    return typeof given === "number" && !Number.isNaN(given) ? given : Number.NEGATIVE_INFINITY;
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}

function checkCapacity(option: string, capacity: number, or: string): void {
  if (Number.isSafeInteger(capacity) && capacity > 0) return;
  throw new InvalidOptionError(option, `a whole number above 0${or}`, capacity);
}

/** How many bytes an item of a mailbox holds, as far as they are counted. */
export function bytesOf(item: unknown): number {
  return byteSizeOf(messageIn(item));
}

/** What an item of a mailbox is about. */
function messageIn(item: unknown): unknown {
  return item instanceof Carrier ? item.payload : item;
}
