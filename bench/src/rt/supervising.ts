import { Effect, Queue } from "effect";
import { type AnyStateMachine, forwardTo, fromTransition, setup } from "xstate";
import type { Fifo, Receiver } from "../fifo.ts";
import type { Tally } from "../tally.ts";
import type { Send } from "../troupe.ts";
import { Fragile, type Message } from "./fragile.ts";

/** A machine that invokes the worker anew when it fails. There is no count of restarts. */
export function xstateSupervising(tally: Tally): AnyStateMachine {
  const worker = fromTransition(
    (state: Fragile, event: Message) => {
      // Its own stop is an event to it as well.
      if (event.type === "crash" || event.type === "count") state.receive(event);
      return state;
    },
    () => new Fragile(tally),
  );
  return setup({ actors: { worker } }).createMachine({
    initial: "running",
    states: {
      running: {
        invoke: { id: "worker", src: "worker", onError: { target: "running", reenter: true } },
        on: { crash: { actions: forwardTo("worker") }, count: { actions: forwardTo("worker") } },
      },
    },
  });
}

/** Work that is retried as often as it fails. There is no count of restarts. */
export function effectRetrying(queue: Queue.Dequeue<Message>, tally: Tally): Effect.Effect<never, unknown> {
  const incarnation = Effect.suspend(() => {
    const state = new Fragile(tally);
    return Queue.take(queue).pipe(
      Effect.flatMap((message) => Effect.try({ try: () => state.receive(message), catch: (error) => error })),
      Effect.forever({ disableYield: true }),
    );
  });
  return Effect.retry(incarnation, { while: () => true });
}

/** Throw, catch, make a new one. */
export function limitSupervising(fifo: Fifo<Message>, tally: Tally): Send<Message> {
  let state = new Fragile(tally);
  const worker: Receiver<Message> = {
    receive: (message) => {
      try {
        state.receive(message);
      } catch {
        state = new Fragile(tally);
      }
    },
  };
  return (message) => fifo.send(worker, message);
}
