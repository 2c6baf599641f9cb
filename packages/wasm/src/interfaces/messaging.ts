import type { MessagingAction } from "@airssys/security";
import type * as Messaging from "../generated/airssys-core-host-messaging.ts";
import { refuse as refuseAsker, type Refusal } from "@airssys/rt";
import { ComponentRefusedError } from "../errors.ts";
import type { ComponentError, MessagingError } from "../generated/airssys-core-types-types.ts";
import { toMessagingError } from "../messaging-error.ts";
import { codecOf, type Codec } from "../payload.ts";
import type { HostInterface } from "./host-interface.ts";

/** A component may wait for this many replies at a time; each is an entry the host holds for it. */
const maxOutstandingRequests = 1000;
/** And have this many subscriptions at a time: one message is delivered to it once for each that matches. */
const maxSubscriptions = 100;
/** And put off so many replies at a time. */
const maxDeferredReplies = 1000;
const maxTimeoutMs = 300_000;
/** The host remembers names and topics, in the dead letters for one: what a guest makes up must stay small. */
const maxNameLength = 256;
const topicTooLong = `a topic has at most ${maxNameLength} characters`;

/** `airssys:core-host/messaging`: envelopes through the MessageBroker, within what `[capabilities.messaging]` grants. */
export const messaging: HostInterface = {
  name: "airssys:core-host/messaging@1.0.0",
  functions: [
    "send",
    "request",
    "cancel-request",
    "defer-reply",
    "reply",
    "publish",
    "subscribe",
    "unsubscribe",
    "self-id",
  ],
  refusal: ({ capabilities: { messaging: asked } }) =>
    Object.values(asked).every((patterns) => patterns.length === 0)
      ? "Component.toml asks for nothing in [capabilities.messaging]"
      : undefined,

  prepare: (incarnation) => {
    const { address, id, access, context, directory, requests, deferred, subscriptions, queueGroup } = incarnation;
    const { meters, fail } = incarnation;
    const may = (action: MessagingAction, subject: string): boolean =>
      access.allows({ kind: "messaging", action, subject });
    // Not `context.broker`: the reply to a request is a message of its own, so no handler waits for it.
    const { broker } = context.system;

    /** What is too long for anybody or anything is not decided on, and taken down all the same. */
    const checkLength = (action: MessagingAction, subject: string, tag: MessagingError["tag"], words: string): void => {
      if (subject.length <= maxNameLength) return;
      access.refuse({ kind: "messaging", action, subject }, words);
      refuse(tag, words);
    };

    /** Who may be reached and in which codec, before the broker sees anything. */
    const checkDirect = (to: string, payload: Uint8Array): void => {
      const codec = codecOfPayload(payload);
      checkLength("send", to, "component-not-found", "nobody has a name that long");
      if (!may("send", to)) refuse("not-permitted", `${address} may not send to ${to}`);
      if (!directory.receives(to, address)) refuse("not-permitted", `${to} does not receive from ${address}`);
      if (!directory.understands(to, codec)) refuse("unsupported-codec", `${to} does not understand ${codec}`);
      if (!directory.hasRoomFor(to, payload.length))
        refuse("payload-too-large", `${to} has no room for ${payload.length} bytes`);
    };
    const origin = (): { sender: string; causationId?: string } => {
      const causationId = context.envelope?.id;
      return causationId === undefined ? { sender: address } : { sender: address, causationId };
    };

    const refusal = (error: ComponentError): Refusal =>
      refuseAsker(new ComponentRefusedError(address, "handle-message", error));

    const functions: typeof Messaging = {
      send(to, payload) {
        checkDirect(to, payload);
        meters.sends(fail);
        attempt(() => broker.send(to, payload, origin()));
      },
      request(to, payload, timeoutMillis) {
        checkDirect(to, payload);
        if (timeoutMillis < 1 || timeoutMillis > maxTimeoutMs) {
          refuse("send-failed", `a request waits 1 to ${maxTimeoutMs} ms, not ${timeoutMillis}`);
        }
        if (requests.size >= maxOutstandingRequests)
          refuse("quota-exceeded", `${maxOutstandingRequests} requests wait for a reply`);
        meters.sends(fail);
        return requests.open(broker.request(to, payload, { ...origin(), timeoutMs: timeoutMillis }));
      },
      cancelRequest: (request) => requests.cancel(request),
      deferReply() {
        if (!deferred.canDefer) refuse("send-failed", "there is no request at hand to put off");
        if (deferred.size >= maxDeferredReplies) refuse("quota-exceeded", `${maxDeferredReplies} replies are put off`);
        return deferred.defer(context.signal);
      },
      reply(token, outcome) {
        const reply = outcome.tag === "ok" ? outcome.val : refusal(outcome.val);
        if (!deferred.reply(token, reply)) refuse("send-failed", "nobody waits for that reply");
      },
      publish(topic, payload) {
        codecOfPayload(payload);
        checkLength("publish", topic, "send-failed", topicTooLong);
        if (!may("publish", topic)) refuse("not-permitted", `${address} may not publish to ${topic}`);
        meters.sends(fail);
        return attempt(() => broker.publish(topic, payload, origin()));
      },
      subscribe(pattern) {
        checkLength("subscribe", pattern, "send-failed", topicTooLong);
        if (!may("subscribe", pattern)) refuse("not-permitted", `${address} may not subscribe to ${pattern}`);
        if (subscriptions.has(pattern)) return;
        if (subscriptions.size >= maxSubscriptions)
          refuse("quota-exceeded", `${maxSubscriptions} subscriptions are open`);
        subscriptions.open(pattern, () => attempt(() => broker.subscribe(pattern, context.self, { queueGroup })));
      },
      unsubscribe: (pattern) => subscriptions.close(pattern),
      selfId: () => id,
    };
    return functions;
  },
};

function codecOfPayload(payload: Uint8Array): Codec {
  return codecOf(payload) ?? refuse("unsupported-codec", "a payload begins with a multicodec prefix");
}

/** Ends the call with a WIT error: jco takes a thrown value that is no Error for the error of the result. */
function refuse(tag: MessagingError["tag"], val: string): never {
  const answer: MessagingError = { tag, val };
  throw answer; // oxlint-disable-line typescript/only-throw-error -- the error case of a WIT result is a value
}

function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toMessagingError(error);
  }
}
