import * as host from "./host/messaging";
import { liftString, returnArea } from "./canonical";
import { ComponentId } from "./message";

/** Why a message was not accepted, in the order of `messaging-error`. */
export enum MessagingErrorKind {
  ComponentNotFound,
  NotPermitted,
  MailboxFull,
  QuotaExceeded,
  PayloadTooLarge,
  UnsupportedCodec,
  Timeout,
  SendFailed,
}

export class MessagingError {
  constructor(
    readonly kind: MessagingErrorKind,
    readonly text: string,
  ) {}
}

/** The id under which the reply arrives at `handleCallback`, or why nothing was asked. */
export class RequestResult {
  constructor(
    readonly id: string,
    readonly error: MessagingError | null,
  ) {}
}

/** How many subscribers took it, or why it was not published. */
export class PublishResult {
  constructor(
    readonly receivers: u32,
    readonly error: MessagingError | null,
  ) {}
}

/** Sends to the actor registered as `to`, for a component `namespace/name`; `null` when it was accepted. */
export function send(to: string, payload: Uint8Array): MessagingError | null {
  const name = String.UTF8.encode(to);
  host.send(changetype<usize>(name), name.byteLength, payload.dataStart, payload.length, returnArea);
  return load<u8>(returnArea) == 0 ? null : liftError(returnArea + 4);
}

/** Asks for a reply, which arrives at `handleCallback` within `timeoutMillis` (1 to 300,000). */
export function request(to: string, payload: Uint8Array, timeoutMillis: u32): RequestResult {
  const name = String.UTF8.encode(to);
  const start = changetype<usize>(name);
  host.request(start, name.byteLength, payload.dataStart, payload.length, timeoutMillis, returnArea);
  if (load<u8>(returnArea) != 0) return new RequestResult("", liftError(returnArea + 4));
  return new RequestResult(liftString(returnArea + 4), null);
}

/** The token to reply with later, or why the reply cannot be put off. */
export class DeferResult {
  constructor(
    readonly token: string,
    readonly error: MessagingError | null,
  ) {}
}

/** Puts off the reply to the request at hand: what `handleMessage` answers then does not matter. */
export function deferReply(): DeferResult {
  host.deferReply(returnArea);
  if (load<u8>(returnArea) != 0) return new DeferResult("", liftError(returnArea + 4));
  return new DeferResult(liftString(returnArea + 4), null);
}

/** Gives a reply that was put off; `null` when somebody still waited for it. */
export function reply(token: string, payload: Uint8Array): MessagingError | null {
  const name = String.UTF8.encode(token);
  host.reply(changetype<usize>(name), name.byteLength, false, payload.dataStart, payload.length, 0, returnArea);
  return load<u8>(returnArea) == 0 ? null : liftError(returnArea + 4);
}

/** Gives an error, `failed`, in place of a reply that was put off. */
export function replyFailed(token: string, text: string): MessagingError | null {
  const name = String.UTF8.encode(token);
  const reason = String.UTF8.encode(text);
  host.reply(
    changetype<usize>(name),
    name.byteLength,
    true,
    3,
    changetype<usize>(reason),
    reason.byteLength,
    returnArea,
  );
  return load<u8>(returnArea) == 0 ? null : liftError(returnArea + 4);
}

/** Stops waiting; false when the callback has come already. */
export function cancelRequest(id: string): bool {
  const name = String.UTF8.encode(id);
  return host.cancelRequest(changetype<usize>(name), name.byteLength) != 0;
}

/** Gives a payload to every subscriber of a topic. */
export function publish(topic: string, payload: Uint8Array): PublishResult {
  const name = String.UTF8.encode(topic);
  host.publish(changetype<usize>(name), name.byteLength, payload.dataStart, payload.length, returnArea);
  if (load<u8>(returnArea) != 0) return new PublishResult(0, liftError(returnArea + 4));
  return new PublishResult(load<u32>(returnArea, 4), null);
}

/** Has messages of matching topics handed to `handleMessage`; `null` when subscribed. A restart ends all subscriptions. */
export function subscribe(pattern: string): MessagingError | null {
  const name = String.UTF8.encode(pattern);
  host.subscribe(changetype<usize>(name), name.byteLength, returnArea);
  return load<u8>(returnArea) == 0 ? null : liftError(returnArea + 4);
}

/** Ends a subscription; false when there was none. */
export function unsubscribe(pattern: string): bool {
  const name = String.UTF8.encode(pattern);
  return host.unsubscribe(changetype<usize>(name), name.byteLength) != 0;
}

/** Who this component is. */
export function selfId(): ComponentId {
  host.selfId(returnArea);
  return ComponentId.lift(returnArea);
}

function liftError(at: usize): MessagingError {
  return new MessagingError(load<u8>(at), liftString(at + 4));
}
