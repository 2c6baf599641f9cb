import { Ask } from "./ask.ts";
import { Backlog, NOTHING, type WaitingMessages } from "./backlog.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import { ActorStoppedError } from "./errors.ts";
import type { EventStream } from "./event-stream.ts";
import type { ExitReason } from "./exit-reason.ts";
import { bytesOf, type MailboxLimits } from "./mailbox.ts";
import { ACCEPTED, DROPPED, REFUSED_FULL, type Offer } from "./offer.ts";
import { PriorityBacklog } from "./priority-backlog.ts";
import { Sized, SizedBacklog } from "./sized-backlog.ts";
import { WaitingSender } from "./waiting-sender.ts";

/** A mailbox: one slot, and a backlog when more than one message waits. */
export interface Mailbox {
  readonly path: string;
  readonly limits: MailboxLimits;
  /** Why it is emptied, if it is. */
  readonly reason: ExitReason;
  readonly mailboxSize: number;
  readonly kernel: { readonly events: EventStream; readonly dispatcher: { hasSettled: boolean } };
  slot: unknown;
  backlog: WaitingMessages | null;
  lose(item: unknown, reason: DeadLetterReason): void;
}

/** The messages beyond the first. With priorities the first may have to wait too. */
function waiting(mailbox: Mailbox): WaitingMessages {
  const { limits } = mailbox;
  const backlog = (mailbox.backlog ??= newBacklog(limits));
  if (limits.priority === undefined) return backlog;
  if (mailbox.slot !== NOTHING) backlog.push(mailbox.slot);
  mailbox.slot = NOTHING;
  return backlog;
}

function newBacklog({ priority, maxBytes }: MailboxLimits): WaitingMessages {
  if (maxBytes === Number.POSITIVE_INFINITY) {
    return priority === undefined ? new Backlog() : new PriorityBacklog(priority);
  }
  const inner =
    priority === undefined
      ? new Backlog()
      : new PriorityBacklog((sized) => priority(sized instanceof Sized ? sized.item : sized));
  return new SizedBacklog(inner, bytesOf);
}

/** Whether a message more would be one too many. */
export function isFull(mailbox: Mailbox): boolean {
  const { capacity, maxBytes } = mailbox.limits;
  if (mailbox.mailboxSize >= capacity) return true;
  return maxBytes < Number.POSITIVE_INFINITY && bytesIn(mailbox) >= maxBytes;
}

function bytesIn({ slot, backlog }: Mailbox): number {
  return bytesOf(slot) + (backlog?.bytes ?? 0);
}

/** Puts an item behind the one in the slot, or does what the policy says when there is no room. */
export function queue(mailbox: Mailbox, item: unknown): Offer {
  const backlog = waiting(mailbox);
  if (isFull(mailbox)) {
    const { capacity, overflow } = mailbox.limits;
    const { events } = mailbox.kernel;
    if (events.observes("mailbox-overflowed")) {
      events.emit({ type: "mailbox-overflowed", path: mailbox.path, capacity });
    }
    switch (overflow) {
      case "error":
        return REFUSED_FULL;
      case "block":
        if (!(item instanceof Ask)) return REFUSED_FULL;
        waitInLine(mailbox, item);
        return ACCEPTED;
      case "drop-newest":
        mailbox.lose(item, "mailbox-full");
        return DROPPED;
      case "drop-oldest":
        evict(mailbox, backlog);
    }
  }
  backlog.push(item);
  return ACCEPTED;
}

/** Makes room: for which more than one may have to go where bytes are counted. */
function evict(mailbox: Mailbox, backlog: WaitingMessages): void {
  do {
    const evicted = mailbox.slot === NOTHING ? backlog.evict() : mailbox.slot;
    mailbox.slot = NOTHING;
    mailbox.lose(evicted, "mailbox-full");
  } while (isFull(mailbox));
}

/** Has these handled before all others. */
export function putBack(mailbox: Mailbox, items: readonly unknown[]): void {
  const { slot } = mailbox;
  mailbox.slot = NOTHING;
  waiting(mailbox).unshift(slot === NOTHING ? items : [...items, slot]);
}

/** While somebody is in line, no message is in the slot: so that taking one always looks at the line. */
export function waitInLine(mailbox: Mailbox, item: Ask | WaitingSender): void {
  putBack(mailbox, []);
  const backlog = waiting(mailbox);
  backlog.line ??= new Backlog();
  backlog.line.push(item);
}

/** Lets in as many of those in line as there is room for. */
export function admit(mailbox: Mailbox, backlog: WaitingMessages): void {
  const { line } = backlog;
  if (line === null) return;
  while (line.size > 0 && !isFull(mailbox)) {
    const item = line.shift();
    if (item instanceof WaitingSender) {
      backlog.push(item.message);
      mailbox.kernel.dispatcher.hasSettled = true;
      item.admitted.resolve();
    } else if (item instanceof Ask && item.isSettled) mailbox.lose(item, "expired");
    else backlog.push(item);
  }
  if (line.size === 0) backlog.line = null;
}

/** Makes dead letters of all that waits, and turns away those in line. */
export function empty(mailbox: Mailbox): void {
  const { slot, backlog } = mailbox;
  mailbox.slot = NOTHING;
  mailbox.backlog = null;
  mailbox.lose(slot, "stopped");
  if (backlog === null) return;
  while (backlog.size > 0) mailbox.lose(backlog.shift(), "stopped");
  if (backlog.line !== null) turnAway(mailbox, backlog.line);
}

function turnAway(mailbox: Mailbox, line: Backlog): void {
  while (line.size > 0) {
    const item = line.shift();
    if (item instanceof WaitingSender) item.admitted.reject(new ActorStoppedError(mailbox.path, mailbox.reason));
    mailbox.lose(item instanceof WaitingSender ? item.message : item, "stopped");
  }
}
