import { type Actor, ActorSystem } from "@airssys/rt";
import { Effect, Fiber, Queue } from "effect";
import { dispatch, spawn, start, stop } from "nact";
import { createActor, fromTransition, type TransitionActorLogic } from "xstate";
import { Fifo } from "../fifo.ts";
import { inBursts, Tally } from "../tally.ts";
import type { Subject } from "../workload.ts";

/** How many messages are sent before the sender waits for all of them to be handled. */
export interface Sending {
  readonly burst: number;
  readonly capacity: number | "unbounded";
}

export interface Message {
  readonly type: "count";
}

/** Made once: what is compared is the way to the handler, and everybody pays the same for making messages. */
export const message: Message = { type: "count" };

export class Counter implements Actor<Message> {
  readonly #tally: Tally;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  receive(): void {
    this.#tally.count();
  }
}

export function airssysCounter({ burst, capacity }: Sending): Subject {
  return {
    name: "airssys",
    open: async () => {
      const tally = new Tally();
      const system = new ActorSystem("bench");
      const counter = system.spawn<Message>(() => new Counter(tally), { mailbox: { capacity } });
      return {
        run: (operations) =>
          inBursts(tally, operations, burst, (size) => {
            for (let sent = 0; sent < size; sent += 1) counter.tell(message);
          }),
        close: () => system.shutdown(),
      };
    },
  };
}

export function nactCounter({ burst }: Sending, operations: number): Subject {
  return {
    name: "nact",
    operations,
    open: async () => {
      const tally = new Tally();
      const system = start();
      const counter = spawn(system, (_state: undefined, _message: Message) => void tally.count(), "counter");
      return {
        run: (count) =>
          inBursts(tally, count, burst, (size) => {
            for (let sent = 0; sent < size; sent += 1) dispatch(counter, message);
          }),
        close: async () => stop(system),
      };
    },
  };
}

/** Has no hop to compare with: what is sent from outside is handled on the sender's stack, and never waits. */
export function xstateCounter({ burst }: Sending): Subject {
  return {
    name: "xstate",
    open: async () => {
      const tally = new Tally();
      const counter = createActor(xstateCounting(tally)).start();
      return {
        run: (operations) =>
          inBursts(tally, operations, burst, (size) => {
            for (let sent = 0; sent < size; sent += 1) counter.send(message);
          }),
        close: async () => void counter.stop(),
      };
    },
  };
}

/** Logic of an actor that counts. Its own stop is an event to it as well. */
export function xstateCounting(tally: Tally): TransitionActorLogic<undefined, Message, undefined> {
  return fromTransition((_state: undefined, { type }: Message): undefined => {
    if (type === "count") tally.count();
  }, undefined);
}

/** Effect has no actors: a fiber that takes from a queue. */
export function effectCounter(sending: Sending): Subject {
  return effectSubject("effect", sending, effectCounting);
}

/** What a fiber does that counts. It yields when its scheduler says so, and not after every message. */
export function effectCounting(queue: Queue.Dequeue<Message>, tally: Tally): Effect.Effect<never> {
  return Queue.take(queue).pipe(
    Effect.map(() => tally.count()),
    Effect.forever({ disableYield: true }),
  );
}

/** The fiber takes all that waits at once and loops over it: several messages for the price of one turn. */
export function effectBatchedCounter(sending: Sending): Subject {
  return effectSubject("effect-batched", sending, (queue, tally) =>
    Queue.takeAll(queue).pipe(
      Effect.map((messages) => {
        for (let index = 0; index < messages.length; index += 1) tally.count();
      }),
      Effect.forever({ disableYield: true }),
    ),
  );
}

function effectSubject(
  name: string,
  { burst }: Sending,
  worker: (queue: Queue.Queue<Message>, tally: Tally) => Effect.Effect<never>,
): Subject {
  return {
    name,
    open: async () => {
      const tally = new Tally();
      const queue = Effect.runSync(Queue.unbounded<Message>());
      const fiber = Effect.runFork(worker(queue, tally));
      return {
        run: (operations) =>
          inBursts(tally, operations, burst, (size) => {
            for (let sent = 0; sent < size; sent += 1) Queue.offerUnsafe(queue, message);
          }),
        close: () => Effect.runPromise(Fiber.interrupt(fiber)),
      };
    },
  };
}

export function limitCounter({ burst }: Sending): Subject {
  return {
    name: "limit",
    open: async () => {
      const tally = new Tally();
      const fifo = new Fifo<Message>();
      const counter = new Counter(tally);
      return {
        run: (operations) =>
          inBursts(tally, operations, burst, (size) => {
            for (let sent = 0; sent < size; sent += 1) fifo.send(counter, message);
          }),
        close: async () => {},
      };
    },
  };
}
