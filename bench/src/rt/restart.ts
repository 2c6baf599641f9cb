import { ActorSystem } from "@airssys/rt";
import { Effect, Fiber, Queue } from "effect";
import { dispatch, spawn, start, stop } from "nact";
import { createActor } from "xstate";
import { erlang } from "../erlang.ts";
import { Fifo } from "../fifo.ts";
import { Tally } from "../tally.ts";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { count, crash, Fragile, type Message } from "./fragile.ts";
import { effectRetrying, limitSupervising, xstateSupervising } from "./supervising.ts";

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
      children: [{ id: "worker", start: () => new Fragile(tally), restart: "permanent" }],
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
        state.receive(message);
        return state;
      },
      "worker",
      { initialStateFunc: () => new Fragile(tally), onCrash: (_message, _error, context) => context.reset },
    );
    return { run: crashing(tally, (message) => dispatch(worker, message)), close: async () => stop(system) };
  },
};

/** A machine is the supervisor. */
const xstate: Subject = {
  name: "xstate",
  operations: 2000,
  open: async () => {
    const tally = new Tally();
    const supervisor = createActor(xstateSupervising(tally)).start();
    return { run: crashing(tally, (message) => supervisor.send(message)), close: async () => void supervisor.stop() };
  },
};

/** A fiber. */
const effect: Subject = {
  name: "effect",
  operations: 5000,
  open: async () => {
    const tally = new Tally();
    const queue = Effect.runSync(Queue.unbounded<Message>());
    const fiber = Effect.runFork(effectRetrying(queue, tally));
    return {
      run: crashing(tally, (message) => void Queue.offerUnsafe(queue, message)),
      close: () => Effect.runPromise(Fiber.interrupt(fiber)),
    };
  },
};

const limit: Subject = {
  name: "limit",
  open: async () => {
    const tally = new Tally();
    return { run: crashing(tally, limitSupervising(new Fifo(), tally)), close: async () => {} };
  },
};

/** An operation is one crash, from the message that causes it until the next incarnation has handled a message. */
export const restart: TimedWorkload = {
  suite: "rt",
  name: "restart",
  unit: "ns",
  operations: 10_000,
  subjects: [airssys, nact, xstate, effect, limit, erlang("lives restart", { operations: 1000 })],
};
