import { Deferred, Effect, Fiber, Queue } from "effect";
import type { Asker, Message, Send, Troupe } from "../troupe.ts";

/** Effect has no actors: an actor is an unbounded queue, and a fiber that does this, again and again, with what it takes from it. */
type Turn = <M>(queue: Queue.Dequeue<M>, receive: (message: M) => void) => Effect.Effect<void>;

/** One message at a time. */
const one: Turn = (queue, receive) => Queue.take(queue).pipe(Effect.map(receive));

/** All that wait at once, in a loop: several messages for the price of one turn. */
const all: Turn = (queue, receive) =>
  Queue.takeAll(queue).pipe(
    Effect.map((messages) => {
      for (const message of messages) receive(message);
    }),
  );

/** `disableYield`: it yields when its scheduler says so, and not after every message, which takes ten times as long. */
const FAST = { disableYield: true };

/** Effect's own default, with which a fiber that always has something to do lets others have their turn. */
const YIELDING = { disableYield: false };

export function effectActor<M>(queue: Queue.Dequeue<M>, receive: (message: M) => void): Effect.Effect<never> {
  return Effect.forever(one(queue, receive), FAST);
}

export function effectTroupe(): Troupe {
  return troupe(one, FAST);
}

export function effectBatchedTroupe(): Troupe {
  return troupe(all, FAST);
}

export function effectYieldingTroupe(): Troupe {
  return troupe(one, YIELDING);
}

function troupe(turn: Turn, again: { readonly disableYield: boolean }): Troupe {
  const fibers: Fiber.Fiber<never>[] = [];
  return {
    spawn<M extends Message>(receive: (message: M) => void): Send<M> {
      const queue = Effect.runSync(Queue.unbounded<M>());
      fibers.push(Effect.runFork(Effect.forever(turn(queue, receive), again)));
      return (message) => void Queue.offerUnsafe(queue, message);
    },
    /** A question is a Deferred in the clerk's queue, awaited with a time-out; who asks is a fiber too. */
    spawnClerk(): Asker {
      const questions = Effect.runSync(Queue.unbounded<Deferred.Deferred<number>>());
      let answered = 0;
      const answer = Effect.flatMap(Queue.take(questions), (question) => Deferred.succeed(question, (answered += 1)));
      fibers.push(Effect.runFork(Effect.forever(answer, again)));
      const question = Effect.gen(function* () {
        const reply = yield* Deferred.make<number>();
        Queue.offerUnsafe(questions, reply);
        return yield* Deferred.await(reply);
      }).pipe(Effect.timeout("5 seconds"));
      return {
        ask: (takes) =>
          Effect.runPromise(
            Effect.gen(function* () {
              while (takes(yield* question));
            }),
          ),
      };
    },
    close: () => Effect.runPromise(Fiber.interruptAll(fibers)),
  };
}
