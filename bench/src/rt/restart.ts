import { type Actor, ActorSystem } from "@airssys/rt";
import { Effect, Fiber, Queue } from "effect";
import { dispatch, spawn, start, stop } from "nact";
import { createActor, forwardTo, fromTransition, setup } from "xstate";
import { Fifo, type Receiver } from "../fifo.ts";
import { Tally } from "../tally.ts";
import type { Run, Subject, Workload } from "../workload.ts";

type Message = { readonly type: "crash" } | { readonly type: "count" };

const crash: Message = { type: "crash" };
const count: Message = { type: "count" };

/** What every subject's worker does. Only the first message of an incarnation counts: a worker that kept its state would not. */
class Fragile {
  readonly #tally: Tally;
  #isFresh = true;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  handle({ type }: Message): void {
    if (type === "crash") throw new Error("crash");
    if (!this.#isFresh) throw new Error("this incarnation has handled a message before");
    this.#isFresh = false;
    this.#tally.count();
  }
}

/** Sends the crash and a message behind it, which the next incarnation handles; then the same again. */
function crashing(tally: Tally, send: (message: Message) => void): Run["run"] {
  return async (operations) => {
    for (let crashed = 0; crashed < operations; crashed += 1) {
      const running = tally.expect(1);
      send(crash);
      send(count);
      await running;
    }
    return tally.take();
  };
}

class FragileActor implements Actor<Message> {
  readonly #fragile: Fragile;

  constructor(tally: Tally) {
    this.#fragile = new Fragile(tally);
  }

  receive(message: Message): void {
    this.#fragile.handle(message);
  }
}

/** A permanent child without backoff; the intensity is counted, and high enough never to be exceeded. */
const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const tally = new Tally();
    const system = new ActorSystem("bench", { log: false });
    const supervisor = await system.supervise({
      id: "supervisor",
      strategy: "one-for-one",
      intensity: { maxRestarts: 100_000, withinMs: 1 },
      children: [{ id: "worker", start: () => new FragileActor(tally), restart: "permanent" }],
    });
    const worker = supervisor.child<Message>("worker");
    return { run: crashing(tally, (message) => worker.tell(message)), close: () => system.shutdown() };
  },
};

/** Its own policy resets the actor. There is no count of restarts. */
const nact: Subject = {
  name: "nact",
  operations: 5000,
  open: async () => {
    const tally = new Tally();
    const system = start();
    const worker = spawn(
      system,
      (state: Fragile, message: Message) => {
        state.handle(message);
        return state;
      },
      "worker",
      { initialStateFunc: () => new Fragile(tally), onCrash: (_message, _error, context) => context.reset },
    );
    return { run: crashing(tally, (message) => dispatch(worker, message)), close: async () => stop(system) };
  },
};

/** A machine invokes the worker anew when it fails. There is no count of restarts. */
const xstate: Subject = {
  name: "xstate",
  operations: 2000,
  open: async () => {
    const tally = new Tally();
    const worker = fromTransition(
      (state: Fragile, event: Message) => {
        // Its own stop is an event to it as well.
        if (event.type === "crash" || event.type === "count") state.handle(event);
        return state;
      },
      () => new Fragile(tally),
    );
    const supervisor = createActor(
      setup({ actors: { worker } }).createMachine({
        initial: "running",
        states: {
          running: {
            invoke: { id: "worker", src: "worker", onError: { target: "running", reenter: true } },
            on: { crash: { actions: forwardTo("worker") }, count: { actions: forwardTo("worker") } },
          },
        },
      }),
    ).start();
    return { run: crashing(tally, (message) => supervisor.send(message)), close: async () => void supervisor.stop() };
  },
};

/** A fiber whose work is retried as often as it fails. There is no count of restarts. */
const effect: Subject = {
  name: "effect",
  operations: 5000,
  open: async () => {
    const tally = new Tally();
    const queue = Effect.runSync(Queue.unbounded<Message>());
    const incarnation = Effect.suspend(() => {
      const state = new Fragile(tally);
      return Queue.take(queue).pipe(
        Effect.flatMap((message) => Effect.try({ try: () => state.handle(message), catch: (error) => error })),
        Effect.forever({ disableYield: true }),
      );
    });
    const fiber = Effect.runFork(Effect.retry(incarnation, { while: () => true }));
    return {
      run: crashing(tally, (message) => void Queue.offerUnsafe(queue, message)),
      close: () => Effect.runPromise(Fiber.interrupt(fiber)),
    };
  },
};

/** Throw, catch, make a new one. */
const limit: Subject = {
  name: "limit",
  open: async () => {
    const tally = new Tally();
    const fifo = new Fifo<Message>();
    let state = new Fragile(tally);
    const worker: Receiver<Message> = {
      receive: (message) => {
        try {
          state.handle(message);
        } catch {
          state = new Fragile(tally);
        }
      },
    };
    return { run: crashing(tally, (message) => fifo.send(worker, message)), close: async () => {} };
  },
};

/** An operation is one crash, from the message that causes it until the next incarnation has handled a message. */
export const restart: Workload = {
  suite: "rt",
  name: "restart",
  unit: "ns",
  operations: 10_000,
  subjects: [airssys, nact, xstate, effect, limit],
};
