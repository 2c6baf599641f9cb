import { causeOf, errorBehind, SHUTDOWN, type ExitReason } from "./exit-reason.ts";
import type { SchemaIssue } from "./message-schema.ts";

/** Stable identifiers; add freely, never rename or reuse. */
export type RtErrorCode =
  | "RT_MAILBOX_FULL"
  | "RT_ASK_TIMEOUT"
  | "RT_ACTOR_STOPPED"
  | "RT_ACTOR_CRASHED"
  | "RT_ACTOR_KILLED"
  | "RT_ACTOR_START_FAILED"
  | "RT_HEALTH_CHECK_FAILED"
  | "RT_RESTART_INTENSITY_EXCEEDED"
  | "RT_DUPLICATE_ID"
  | "RT_UNKNOWN_CHILD"
  | "RT_CHILD_RUNNING"
  | "RT_TOO_MANY_CHILDREN"
  | "RT_SUPERVISOR_STOPPED"
  | "RT_SYSTEM_STOPPED"
  | "RT_FOREIGN_REF"
  | "RT_INVALID_OPTION"
  | "RT_ALREADY_REGISTERED"
  | "RT_RECIPIENT_NOT_FOUND"
  | "RT_NOT_PERMITTED"
  | "RT_PAYLOAD_TOO_LARGE"
  | "RT_RATE_EXCEEDED"
  | "RT_INVALID_TOPIC"
  | "RT_ASK_CYCLE"
  | "RT_STASH_FULL"
  | "RT_LINKED_ACTOR_FAILED"
  | "RT_INVALID_MESSAGE"
  | "RT_IN_FLIGHT_EXCEEDED"
  | "RT_BARRED"
  | "RT_ENVELOPE_REJECTED"
  | "RT_NO_ROUTEE"
  | "RT_NOT_CONFORMING";

/** Base of every error this package throws. Match on `code`; messages may change. */
export abstract class RtError extends Error {
  abstract readonly code: RtErrorCode;
}

/** The message was not enqueued. It is on the error, so the caller can retry or dead-letter it. */
export class MailboxFullError<M = unknown> extends RtError {
  override readonly name = "MailboxFullError";
  override readonly code = "RT_MAILBOX_FULL";
  readonly undelivered: M;

  constructor(path: string, limits: { readonly capacity: number; readonly maxBytes: number }, undelivered: M) {
    super(`mailbox of ${path} is full (${limitsText(limits)})`);
    this.undelivered = undelivered;
  }
}

/** No reply came in time. The message may still have been handled. */
export class AskTimeoutError extends RtError {
  override readonly name = "AskTimeoutError";
  override readonly code = "RT_ASK_TIMEOUT";

  constructor(path: string, timeoutMs: number) {
    super(`${path} did not reply within ${timeoutMs} ms`);
  }
}

/** The actor stopped before it replied, or before it could take the message; `cause` is why, where an error is behind it. */
export class ActorStoppedError extends RtError {
  override readonly name = "ActorStoppedError";
  override readonly code = "RT_ACTOR_STOPPED";

  constructor(path: string, reason: ExitReason = SHUTDOWN) {
    const cause = errorBehind(reason);
    super(stoppedText(path, cause), withCause(cause));
  }
}

/** The actor crashed while it handled the request; `cause` is what it threw. */
export class ActorCrashedError extends RtError {
  override readonly name = "ActorCrashedError";
  override readonly code = "RT_ACTOR_CRASHED";

  constructor(path: string, cause: unknown) {
    super(`${path} crashed while it handled the request: ${messageOf(cause)}`, { cause });
  }
}

/** The actor did not leave in time and was given up. */
export class ActorKilledError extends RtError {
  override readonly name = "ActorKilledError";
  override readonly code = "RT_ACTOR_KILLED";

  constructor(path: string) {
    super(`${path} was killed`);
  }
}

/** The factory threw, or `preStart` failed; `cause` says with what. */
export class ActorStartError extends RtError {
  override readonly name = "ActorStartError";
  override readonly code = "RT_ACTOR_START_FAILED";

  constructor(path: string, cause: unknown) {
    super(`${path} did not start: ${messageOf(cause)}`, { cause });
  }
}

/** The actor failed as many health checks in a row as it may. */
export class HealthCheckFailedError extends RtError {
  override readonly name = "HealthCheckFailedError";
  override readonly code = "RT_HEALTH_CHECK_FAILED";

  constructor(path: string, failures: number, lastFailure: string, options?: ErrorOptions) {
    super(`${path} failed ${failures} health checks in a row; the last: ${lastFailure}`, options);
  }
}

/**
 * A supervisor gave up: its children failed more often than allowed. `child` is the one that failed last, for `reason`, after
 * `restartCount` restarts; `cause` is what it threw, or the error of the supervisor that it is.
 */
export class RestartIntensityExceededError extends RtError {
  override readonly name = "RestartIntensityExceededError";
  override readonly code = "RT_RESTART_INTENSITY_EXCEEDED";
  readonly child: string;
  readonly reason: ExitReason;
  readonly restartCount: number;

  constructor(path: string, child: string, allowed: string, restartCount: number, reason: ExitReason) {
    const cause = causeOf(reason);
    super(`${path} gave up on ${child}: more than ${allowed}; the last failure: ${messageOf(cause)}`, { cause });
    this.child = child;
    this.reason = reason;
    this.restartCount = restartCount;
  }
}

/** There is a child of that id already. */
export class DuplicateIdError extends RtError {
  override readonly name = "DuplicateIdError";
  override readonly code = "RT_DUPLICATE_ID";

  constructor(parent: string, id: string) {
    super(`${parent} has a child "${id}" already`);
  }
}

/** How many ids an error lists. */
const LISTED_IDS = 10;

export class UnknownChildError extends RtError {
  override readonly name = "UnknownChildError";
  override readonly code = "RT_UNKNOWN_CHILD";

  constructor(parent: string, id: string, known: readonly string[]) {
    super(`${parent} has no child "${id}" (it has ${listText(known)})`);
  }
}

/** What was asked can only be done to a child that is down. */
export class ChildRunningError extends RtError {
  override readonly name = "ChildRunningError";
  override readonly code = "RT_CHILD_RUNNING";

  constructor(parent: string, id: string, state: string) {
    super(`child "${id}" of ${parent} must be down, but is ${state}`);
  }
}

/** A dynamic supervisor has as many children as it may. Try again when one has ended. */
export class TooManyChildrenError extends RtError {
  override readonly name = "TooManyChildrenError";
  override readonly code = "RT_TOO_MANY_CHILDREN";

  constructor(path: string, maxChildren: number) {
    super(`${path} has ${maxChildren} children, and may not have more`);
  }
}

/** The supervisor is down; `cause` is the error behind that, if there is one. */
export class SupervisorStoppedError extends RtError {
  override readonly name = "SupervisorStoppedError";
  override readonly code = "RT_SUPERVISOR_STOPPED";

  constructor(path: string, reason: ExitReason = SHUTDOWN) {
    const cause = errorBehind(reason);
    super(stoppedText(path, cause), withCause(cause));
  }
}

export class SystemStoppedError extends RtError {
  override readonly name = "SystemStoppedError";
  override readonly code = "RT_SYSTEM_STOPPED";

  constructor(name: string) {
    super(`actor system "${name}" has stopped`);
  }
}

/** The ref was not made by this system, so this system cannot do that with it. */
export class ForeignRefError extends RtError {
  override readonly name = "ForeignRefError";
  override readonly code = "RT_FOREIGN_REF";

  constructor(path: string) {
    super(`${path} is not an actor of this system`);
  }
}

export class InvalidOptionError extends RtError {
  override readonly name = "InvalidOptionError";
  override readonly code = "RT_INVALID_OPTION";

  constructor(option: string, expected: string, found: unknown) {
    super(`${option} must be ${expected}, found ${String(found)}`);
  }
}

export class AlreadyRegisteredError extends RtError {
  override readonly name = "AlreadyRegisteredError";
  override readonly code = "RT_ALREADY_REGISTERED";

  constructor(name: string, holder: string) {
    super(`the name "${name}" belongs to ${holder}`);
  }
}

/** Nobody is registered under that name. */
export class RecipientNotFoundError extends RtError {
  override readonly name = "RecipientNotFoundError";
  override readonly code = "RT_RECIPIENT_NOT_FOUND";

  constructor(recipient: string) {
    super(`no actor is registered as "${recipient}"`);
  }
}

/** The broker's policy does not let this sender send this. */
export class BrokerNotPermittedError extends RtError {
  override readonly name = "BrokerNotPermittedError";
  override readonly code = "RT_NOT_PERMITTED";

  constructor(sender: string | undefined, destination: string, cause?: unknown) {
    super(`${senderText(sender)} may not send to ${destination}`, withCause(cause));
  }
}

export class PayloadTooLargeError extends RtError {
  override readonly name = "PayloadTooLargeError";
  override readonly code = "RT_PAYLOAD_TOO_LARGE";

  constructor(destination: string, bytes: number, maxBytes: number) {
    super(`a payload for ${destination} must be at most ${maxBytes} bytes, found ${bytes}`);
  }
}

/** A sender sends, or a topic is published to, faster than its quota. Try later. */
export class RateExceededError extends RtError {
  override readonly name = "RateExceededError";
  override readonly code = "RT_RATE_EXCEEDED";

  constructor(subject: string, messagesPerSecond: number) {
    super(`${subject} exceeds its ${messagesPerSecond} messages per second`);
  }
}

/** As many envelopes as the quota allows are under way. Try when some have been handled. */
export class InFlightExceededError extends RtError {
  override readonly name = "InFlightExceededError";
  override readonly code = "RT_IN_FLIGHT_EXCEEDED";

  constructor(subject: string, maxInFlight: number) {
    super(`${subject} has ${maxInFlight} envelopes in flight, which is its limit`);
  }
}

/** The sender or topic exceeded a quota that stops whoever exceeds it, and is refused until the quota is set anew. */
export class BarredError extends RtError {
  override readonly name = "BarredError";
  override readonly code = "RT_BARRED";

  constructor(subject: string) {
    super(`${subject} was stopped for exceeding its quota`);
  }
}

/** An interceptor failed on the request, so it was not sent. The event `interceptor-failed` says why. */
export class EnvelopeRejectedError extends RtError {
  override readonly name = "EnvelopeRejectedError";
  override readonly code = "RT_ENVELOPE_REJECTED";

  constructor(destination: string) {
    super(`the request to ${destination} was not sent: an interceptor failed`);
  }
}

/** The router has nobody to send to. */
export class NoRouteeError extends RtError {
  override readonly name = "NoRouteeError";
  override readonly code = "RT_NO_ROUTEE";

  constructor(router: string) {
    super(`${router} has nobody to send to`);
  }
}

/** A message broker does not do what every message broker must. */
export class ConformanceError extends RtError {
  override readonly name = "ConformanceError";
  override readonly code = "RT_NOT_CONFORMING";

  constructor(what: string, expected: string, found: string) {
    super(`${what}: expected ${expected}, found ${found}`);
  }
}

export class InvalidTopicError extends RtError {
  override readonly name = "InvalidTopicError";
  override readonly code = "RT_INVALID_TOPIC";

  constructor(topic: string, expected: string) {
    super(`"${topic}" must be ${expected}`);
  }
}

/** The ask would wait for itself. `way` is the way around, such as `/user/a`, `/user/b`, `/user/a`. */
export class AskCycleError extends RtError {
  override readonly name = "AskCycleError";
  override readonly code = "RT_ASK_CYCLE";
  readonly way: readonly string[];

  constructor(way: readonly string[]) {
    super(`an ask must not wait for itself, but this one would: ${way.join(" → ")}`);
    this.way = way;
  }
}

/** The actor put aside as many messages as it may. */
export class StashFullError extends RtError {
  override readonly name = "StashFullError";
  override readonly code = "RT_STASH_FULL";

  constructor(path: string, capacity: number) {
    super(`stash of ${path} is full (capacity ${capacity})`);
  }
}

/** An actor that this one is linked to failed; `cause` is what that one threw. */
export class LinkedActorError extends RtError {
  override readonly name = "LinkedActorError";
  override readonly code = "RT_LINKED_ACTOR_FAILED";

  constructor(path: string, linked: string, cause: unknown) {
    super(`${path} is linked to ${linked}, which failed: ${messageOf(cause)}`, { cause });
  }
}

/** The message does not fit the actor's schema. */
export class InvalidMessageError extends RtError {
  override readonly name = "InvalidMessageError";
  override readonly code = "RT_INVALID_MESSAGE";
  readonly issues: readonly SchemaIssue[];

  constructor(path: string, issues: readonly SchemaIssue[]) {
    super(`a message for ${path} must fit its schema: ${issues.map(({ message }) => message).join("; ")}`);
    this.issues = issues;
  }
}

function stoppedText(path: string, cause: unknown): string {
  return cause === undefined ? `${path} has stopped` : `${path} has stopped: ${messageOf(cause)}`;
}

function withCause(cause: unknown): ErrorOptions | undefined {
  return cause === undefined ? undefined : { cause };
}

function senderText(sender: string | undefined): string {
  return sender === undefined ? "an unnamed sender" : `"${sender}"`;
}

function limitsText({ capacity, maxBytes }: { readonly capacity: number; readonly maxBytes: number }): string {
  return maxBytes === Number.POSITIVE_INFINITY
    ? `capacity ${capacity}`
    : `capacity ${capacity}, at most ${maxBytes} bytes`;
}

function listText(ids: readonly string[]): string {
  if (ids.length === 0) return "none";
  const rest = ids.length - LISTED_IDS;
  return ids.slice(0, LISTED_IDS).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
