import type { ComponentMessage } from "./component-message.ts";
import { Callback } from "./outstanding-requests.ts";
import { Replacement } from "./replacement.ts";

/** The instance died outside of a message: the next thing its actor does is to crash of it. */
export class Death {
  readonly kind = "death";
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/** What an actor that is a component handles: what others send it, and what its own incarnation tells it. */
export type ActorMessage = ComponentMessage | Callback | Death | Replacement;

const kindsFromOthers: ReadonlySet<unknown> = new Set<Exclude<ComponentMessage, Uint8Array>["kind"]>([
  "call",
  "execute",
  "describe-self",
  "check-health",
]);

/** Whether it is one: types do not keep a plain actor from sending something else, or from playing the incarnation. */
export function isActorMessage(message: unknown): message is ActorMessage {
  if (message instanceof Uint8Array || message instanceof Callback) return true;
  if (message instanceof Death || message instanceof Replacement) return true;
  if (typeof message !== "object" || message === null || !("kind" in message)) return false;
  return (
    kindsFromOthers.has(message.kind) && (message.kind !== "call" || ("args" in message && Array.isArray(message.args)))
  );
}
