import type { ActorCell } from "./actor-cell.ts";
import type { AnyActor } from "./actor.ts";
import { Ask } from "./ask.ts";
import { Carrier } from "./carrier.ts";
import { CLOSING, IDLE, LEAVING, READY, RUNNING, SUSPENDED } from "./cell-state.ts";
import type { DeadLetterReason } from "./dead-letter-reason.ts";
import { Envelope } from "./envelope.ts";
import { SHUTDOWN } from "./exit-reason.ts";
import { isPromise } from "./is-promise.ts";
import type { Loop } from "./kernel.ts";
import { LaterReply } from "./later-reply.ts";
import { NOTHING } from "./backlog.ts";
import { Refusal } from "./refusal.ts";
import { unguarded } from "./receiver.ts";
import { messageOf, obey, SHUT_DOWN } from "./signal.ts";
import { STASHED } from "./stash.ts";

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
          return handled - 1;
        }
        if (!isCarried(item)) result = cell.receiver.receive(item, cell);
        else result = item instanceof Envelope ? open(cell, item) : answer(cell, item);
      } else {
        const signal = cell.takeSignal();
        cell.handled -= 1;
        cell.ties?.incarnation?.endScope();
        // Set apart, so that what `messageOf` throws is not blamed on the message before.
        item = NOTHING;
        item = messageOf(signal, actor);
        result = item === NOTHING ? obey(actor, signal, cell) : unguarded(cell.receiver).receive(item, cell);
        if (result === SHUT_DOWN) {
          cell.kernel.life.depart(cell, cell.isSupervised ? LEAVING : CLOSING, SHUTDOWN);
          continue;
        }
      }
      if (result === undefined) continue;
      if (isPromise(result)) {
        suspend(cell, actor, item, result);
        return handled;
      }
      conclude(cell, item, result);
    }
  } catch (error) {
    crash(cell, actor, item, error);
    return handled;
  }
  if (cell.state === RUNNING) cell.rest();
  else if (cell.actor === actor) cell.kernel.life.conclude(cell, actor);
  return handled;
}

/** Most messages are not, and pay for one check (bench: `tell`). */
function isCarried(item: unknown): item is Ask | Envelope {
  return item instanceof Carrier;
}

function answer(cell: ActorCell, ask: Ask): unknown {
  if (ask.isSettled) {
    discard(cell, ask, "expired");
    return undefined;
  }
  cell.current = ask;
  const reply = cell.receiver.receive(ask.payload, cell);
  if (isPromise(reply)) return reply;
  cell.current = NOTHING;
  settle(cell, ask, reply);
  return undefined;
}

function open(cell: ActorCell, envelope: Envelope): unknown {
  if (envelope.deadline !== undefined && envelope.deadline < cell.kernel.turnClock.stamp()) {
    discard(cell, envelope, "expired");
    return undefined;
  }
  const { receipt } = envelope;
  if (receipt?.admits(envelope) === false) return undefined;
  cell.current = envelope;
  const result = cell.receiver.receive(envelope.payload, cell);
  if (isPromise(result)) return result;
  cell.current = NOTHING;
  if (receipt !== null && result === undefined) receipt.handled(envelope);
  return result;
}

/** What a message that nobody asked for comes to, by what its handler returned. */
function conclude(cell: ActorCell, item: unknown, result: unknown): void {
  if (result instanceof Refusal) discard(cell, item, "rejected");
  else if (result === STASHED) putAside(cell, item);
  else if (result instanceof LaterReply) owe(cell, item, result.work);
  else if (item instanceof Envelope) item.receipt?.handled(item);
}

/** Makes a dead letter of a message that was taken and not handled. */
function discard(cell: ActorCell, item: unknown, reason: DeadLetterReason): void {
  if (item === NOTHING) return;
  cell.handled -= 1;
  cell.lose(item, reason);
}

/** The message at hand, if there was one, becomes a dead letter. */
function crash(cell: ActorCell, actor: AnyActor, item: unknown, error: unknown): void {
  if (item !== NOTHING) cell.handled -= 1;
  cell.kernel.life.fail(cell, actor, item, error);
}

/** The handler put the message off. What an incarnation that is over put off, nobody will take up again. */
function putAside(cell: ActorCell, item: unknown): void {
  if (item === NOTHING) return;
  if (cell.actor === null) discard(cell, item, "stopped");
  else cell.putAside(item);
}

function settle(cell: ActorCell, ask: Ask, reply: unknown): void {
  if (reply === STASHED) {
    putAside(cell, ask);
    return;
  }
  if (reply instanceof LaterReply) {
    owe(cell, ask, reply.work);
    return;
  }
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

/** The actor goes on; what the work comes to is the message's result. What an incarnation that is over owes, nobody gets. */
function owe(cell: ActorCell, item: unknown, work: Promise<unknown>): void {
  const owed = { item };
  const replies = cell.actor === null ? undefined : cell.held().owed();
  replies?.add(owed);
  if (replies === undefined) discard(cell, item, "stopped");
  const finish = (result: unknown): void => {
    if (replies?.settle(owed) !== true) return;
    if (item instanceof Ask) settle(cell, item, result);
    else conclude(cell, item, result);
  };
  work.then(finish, (error: unknown) => finish(new Refusal(error)));
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
      if (cell.actor === actor) crash(cell, actor, item, error);
    },
  );
}

function resume(cell: ActorCell, actor: AnyActor, item: unknown, reply: unknown): void {
  if (cell.actor !== actor) return;
  cell.current = NOTHING;
  if (item instanceof Ask) settle(cell, item, reply);
  else conclude(cell, item, reply);
  if (cell.state === SUSPENDED) cell.rest();
  else cell.kernel.life.conclude(cell, actor);
}

/** The only place that calls an actor's handlers, one at a time. */
export const messageLoop: Loop<ActorCell> = { run };
