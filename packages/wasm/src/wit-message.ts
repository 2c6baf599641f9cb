import type { ComponentDirectory } from "./component-directory.ts";
import type { ComponentMessage, ExecutionContext } from "./generated/airssys-core-component-component-lifecycle.ts";
import type { IncarnationContext } from "./incarnation.ts";
import { toTimestamp } from "./timestamp.ts";

/** A payload as `handle-message` gets it, with what its envelope says. A bare tell has no envelope, and comes from nobody now. */
export function toWitMessage(
  payload: Uint8Array,
  { envelope, clock, isAsked }: IncarnationContext,
  directory: ComponentDirectory,
): ComponentMessage {
  const message: ComponentMessage = {
    payload,
    timestamp: toTimestamp(envelope?.timestamp ?? clock.wallTime()),
    headers: envelope === undefined ? [] : Object.entries(envelope.headers),
  };
  if (envelope !== undefined) {
    const sender = envelope.sender === undefined ? undefined : directory.idOf(envelope.sender);
    if (sender !== undefined) message.sender = sender;
    if (envelope.topic !== undefined) message.topic = envelope.topic;
  }
  if (isAsked) message.correlationId = envelope?.correlationId ?? "direct";
  return message;
}

/** On whose behalf `execute` runs. */
export function toExecutionContext({ envelope, clock }: IncarnationContext): ExecutionContext {
  const context: ExecutionContext = {};
  if (envelope === undefined) return context;
  context.correlationId = envelope.correlationId;
  const remaining = envelope.deadline === undefined ? Number.POSITIVE_INFINITY : envelope.deadline - clock.wallTime();
  if (Number.isFinite(remaining)) context.remainingMillis = BigInt(Math.max(0, Math.round(remaining)));
  return context;
}
