import type { AnyActorContext } from "./actor.ts";
import { InvalidMessageError } from "./errors.ts";
import { isPromise } from "./is-promise.ts";
import { refuse } from "./refusal.ts";
import type { MessageSchema, SchemaResult } from "./message-schema.ts";

/** Whoever handles an actor's messages at present: the actor, or what it became. */
export interface Receiver {
  receive(message: unknown, context: AnyActorContext): unknown;
}

/** Handles the messages of an actor that has no incarnation, of which there are none. */
export const NOBODY: Receiver = { receive: () => undefined };

/** Lets only messages in that fit a schema; the others are refused. */
class GuardedReceiver implements Receiver {
  readonly inner: Receiver;
  readonly #schema: MessageSchema;
  readonly #lives: () => boolean;

  constructor(inner: Receiver, schema: MessageSchema, lives: () => boolean) {
    this.inner = inner;
    this.#schema = schema;
    this.#lives = lives;
  }

  receive(message: unknown, context: AnyActorContext): unknown {
    const result = this.#schema["~standard"].validate(message);
    if (isPromise(result)) return this.#admitLater(result, context);
    return this.#admit(result, context);
  }

  async #admitLater(result: Promise<SchemaResult<unknown>>, context: AnyActorContext): Promise<unknown> {
    const settled = await result;
    return this.#lives() ? this.#admit(settled, context) : undefined;
  }

  #admit(result: SchemaResult<unknown>, context: AnyActorContext): unknown {
    if (result.issues !== undefined) return refuse(new InvalidMessageError(context.path, result.issues));
    return this.inner.receive(result.value, context);
  }
}

/** `inner` behind the schema. `lives` says whether the incarnation it belongs to is still the present one. */
export function guard(inner: Receiver, schema: MessageSchema, lives: () => boolean): Receiver {
  return new GuardedReceiver(inner, schema, lives);
}

/** Behind the guard, where an actor's messages to itself arrive. */
export function unguarded(receiver: Receiver): Receiver {
  return receiver instanceof GuardedReceiver ? receiver.inner : receiver;
}
