import type { ComponentMessage } from "./component-message.ts";
import type { Callback } from "./outstanding-requests.ts";

/** The instance died outside of a message: the next thing its actor does is to crash of it. */
export interface Death {
  readonly kind: "death";
  readonly cause: unknown;
}

/** What an actor that is a component handles: what others send it, and what its own incarnation tells it. */
export type ActorMessage = ComponentMessage | Callback | Death;

const kinds: ReadonlySet<unknown> = new Set<Exclude<ActorMessage, Uint8Array>["kind"]>([
  "call",
  "execute",
  "describe-self",
  "check-health",
  "callback",
  "death",
]);

/** Whether it is one: types do not keep a plain actor from sending something else. */
export function isActorMessage(message: unknown): message is ActorMessage {
  if (message instanceof Uint8Array) return true;
  if (typeof message !== "object" || message === null || !("kind" in message)) return false;
  return kinds.has(message.kind) && (message.kind !== "call" || ("args" in message && Array.isArray(message.args)));
}
