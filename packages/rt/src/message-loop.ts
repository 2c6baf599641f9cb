import type { ActorCell } from "./actor-cell.ts";
import type { AnyActor } from "./actor.ts";
import { Ask } from "./ask.ts";
import { IDLE, READY, RUNNING, SUSPENDED } from "./cell-state.ts";
import { Envelope } from "./envelope.ts";
import { isPromise } from "./is-promise.ts";
import type { Loop } from "./kernel.ts";
import { NOTHING } from "./mailbox.ts";
import { Refusal } from "./refusal.ts";
import { obey } from "./signal.ts";

/** Handles signals and then messages, at most `budget` of them, and says how many. */
function run(cell: ActorCell, budget: number): number {
  const actor = cell.actor;
  if (cell.state !== READY || actor === null) return 0;
  cell.state = RUNNING;
  let handled = 0;
  let item: unknown = NOTHING;
  try {
    while (handled < budget && cell.state === RUNNING) {
      let result: unknown;
      handled += 1;
      if (cell.signals === null) {
        item = cell.take();
        if (item === NOTHING) {
          cell.state = IDLE;
          return handled;
        }
        if (item instanceof Ask) result = answer(cell, actor, item);
        else if (item instanceof Envelope) result = open(cell, actor, item);
        else result = actor.receive(item, cell);
      } else {
        const signal = cell.takeSignal();
        item = NOTHING;
        if (signal?.kind === "piped" && signal.actor === actor) item = signal.message();
        result = item === NOTHING ? obey(actor, signal, cell) : actor.receive(item, cell);
      }
      if (result === undefined) continue;
      if (isPromise(result)) {
        suspend(cell, actor, item, result);
        return handled;
      }
      if (result instanceof Refusal) cell.lose(item, "rejected");
    }
  } catch (error) {
    cell.kernel.life.fail(cell, actor, item, error);
    return handled;
  }
  if (cell.state === RUNNING) cell.rest();
  else if (cell.actor === actor) cell.kernel.life.conclude(cell, actor);
  return handled;
}

function answer(cell: ActorCell, actor: AnyActor, ask: Ask): unknown {
  if (ask.isSettled) {
    cell.lose(ask, "expired");
    return undefined;
  }
  cell.current = ask;
  const reply = actor.receive(ask.message, cell);
  if (isPromise(reply)) return reply;
  cell.current = NOTHING;
  settle(cell, ask, reply);
  return undefined;
}

function open(cell: ActorCell, actor: AnyActor, envelope: Envelope): unknown {
  if (envelope.deadline !== undefined && envelope.deadline < cell.kernel.clock.wallTime()) {
    cell.lose(envelope, "expired");
    return undefined;
  }
  const { receipt } = envelope;
  if (receipt?.admits(envelope) === false) return undefined;
  cell.current = envelope;
  const result = actor.receive(envelope.payload, cell);
  if (isPromise(result)) return result;
  cell.current = NOTHING;
  if (receipt !== null && !(result instanceof Refusal)) receipt.handled(envelope);
  return result;
}

function settle(cell: ActorCell, ask: Ask, reply: unknown): void {
  const { envelope } = ask;
  if (envelope !== undefined) envelope.receipt?.handled(envelope);
  if (ask.isSettled) {
    const { deadLetters } = cell.kernel;
    deadLetters.record({ reason: "late-reply", message: reply, recipient: cell.path, envelope });
    return;
  }
  if (reply instanceof Refusal) ask.reject(reply.error);
  else ask.resolve(reply);
  cell.kernel.dispatcher.hasSettled = true;
}

/** The mailbox rests until the promise settles. Should the actor be killed meanwhile, what comes of it no longer matters. */
function suspend(cell: ActorCell, actor: AnyActor, item: unknown, result: Promise<unknown>): void {
  if (cell.actor !== actor) return;
  if (cell.state === RUNNING) cell.state = SUSPENDED;
  cell.current = item;
  cell.kernel.dispatcher.hasSettled = true;
  result.then(
    (reply) => resume(cell, actor, item, reply),
    (error: unknown) => {
      if (cell.actor === actor) cell.kernel.life.fail(cell, actor, item, error);
    },
  );
}

function resume(cell: ActorCell, actor: AnyActor, item: unknown, reply: unknown): void {
  if (cell.actor !== actor) return;
  cell.current = NOTHING;
  if (item instanceof Ask) settle(cell, item, reply);
  else if (reply instanceof Refusal) cell.lose(item, "rejected");
  else if (item instanceof Envelope) item.receipt?.handled(item);
  if (cell.state === SUSPENDED) cell.rest();
  else cell.kernel.life.conclude(cell, actor);
}

/** The only place that calls an actor's handlers, one at a time. */
export const messageLoop: Loop<ActorCell> = { run };
