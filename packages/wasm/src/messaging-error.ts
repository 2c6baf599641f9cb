import { RtError } from "@airssys/rt";
import type { MessagingError } from "./generated/airssys-core-types-types.ts";

const sendFailed: MessagingError = { tag: "send-failed", val: "the receiver crashed, stopped or refused" };

/**
 * Why a message did not go through, as a component is told. The host's own words and paths stay with the host: a component
 * learns which case it is and, where it helps, a fixed text.
 */
export function toMessagingError(error: unknown): MessagingError {
  if (!(error instanceof RtError)) return sendFailed;
  switch (error.code) {
    case "RT_RECIPIENT_NOT_FOUND":
      return { tag: "component-not-found", val: "nobody of that name is running" };
    case "RT_NOT_PERMITTED":
      return { tag: "not-permitted", val: "the broker does not permit it" };
    case "RT_MAILBOX_FULL":
      return { tag: "mailbox-full", val: "the receiver's mailbox is full" };
    case "RT_RATE_EXCEEDED":
      return { tag: "quota-exceeded", val: "faster than the message rate granted" };
    case "RT_PAYLOAD_TOO_LARGE":
      return { tag: "payload-too-large", val: "larger than the broker takes" };
    case "RT_ASK_TIMEOUT":
      return { tag: "timeout", val: "no reply before the deadline" };
    default:
      return sendFailed;
  }
}
