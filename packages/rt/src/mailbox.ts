import { Carrier } from "./carrier.ts";
import { InvalidOptionError } from "./errors.ts";
import type { MessageSchema } from "./message-schema.ts";

/**
 * What happens to a message that a full mailbox has no room for. `error`: the sender gets it back. `block`: an ask waits for room,
 * as `tellWhenRoom` does under any policy; a bare tell, which cannot wait, is handed back. The others make a dead letter.
 */
export type Overflow = "error" | "block" | "drop-newest" | "drop-oldest";

/** How urgent a message is; the highest goes first. Must depend on the message alone. */
export type Priority<M> = { of(message: M): number }["of"];

export interface MailboxOptions<M = unknown> {
  /** How many messages may wait; 1000 unless said. */
  readonly capacity?: number | "unbounded";
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
  readonly overflow: Overflow;
  readonly stashCapacity: number;
  /** Of an item as it waits: a bare message, an ask or an envelope. */
  readonly priority: ((item: unknown) => number) | undefined;
  readonly schema: MessageSchema | undefined;
}

const DEFAULT_MAILBOX: MailboxLimits = {
  capacity: 1000,
  overflow: "error",
  stashCapacity: 1000,
  priority: undefined,
  schema: undefined,
};

/** @throws InvalidOptionError */
export function limitsFrom(mailbox: MailboxOptions | undefined, schema?: MessageSchema): MailboxLimits {
  if (mailbox === undefined) return schema === undefined ? DEFAULT_MAILBOX : { ...DEFAULT_MAILBOX, schema };
  const { capacity = 1000, overflow = "error", stashCapacity = 1000, priority } = mailbox;
  if (capacity !== "unbounded") checkCapacity("mailbox.capacity", capacity, ', or "unbounded"');
  checkCapacity("mailbox.stashCapacity", stashCapacity, "");
  return {
    capacity: capacity === "unbounded" ? Number.POSITIVE_INFINITY : capacity,
    overflow,
    stashCapacity,
    priority: priority === undefined ? undefined : (item) => priority(messageIn(item)),
    schema,
  };
}

function checkCapacity(option: string, capacity: number, or: string): void {
  if (Number.isSafeInteger(capacity) && capacity > 0) return;
  throw new InvalidOptionError(option, `a whole number above 0${or}`, capacity);
}

/** What an item of a mailbox is about. */
function messageIn(item: unknown): unknown {
  return item instanceof Carrier ? item.payload : item;
}
