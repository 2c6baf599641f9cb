import { ActorSystem } from "@airssys/rt";
import { Effect, Fiber, Queue } from "effect";
import { dispatch, spawn, start, stop } from "nact";
import { createActor } from "xstate";
import { erlang } from "../erlang.ts";
import { Fifo } from "../fifo.ts";
import { Tally } from "../tally.ts";
import type { Send } from "../troupe.ts";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { count, crash, Fragile, type Message } from "./fragile.ts";
import { effectRetrying, limitSupervising, xstateSupervising } from "./supervising.ts";

/** Children of one supervisor. */
const CHILDREN = 1000;

const ids: readonly string[] = Array.from({ length: CHILDREN }, (_, index) => `worker-${index}`);

/** Has every child crash, with a message behind the crash, and waits until the next incarnation of each has handled it. */
function storming(tally: Tally, children: readonly Send<Message>[]): Run["run"] {
  return async (operations) => {
    for (let crashed = 0; crashed < operations; crashed += CHILDREN) {
      const running = tally.expect(CHILDREN);
      for (const send of children) {
        send(crash);
        send(count);
      }
      await running;
    }
    return tally.take();
  };
}

const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const tally = new Tally();
    const system = new ActorSystem("bench", { log: false });
    const supervisor = await system.supervise({
      id: "supervisor",
      strategy: "one-for-one",
      intensity: { maxRestarts: 100_000, withinMs: 1 },
      children: ids.map((id) => ({ id, start: () => new Fragile(tally), restart: "permanent" })),
    });
    const children = ids.map((id): Send<Message> => {
      const child = supervisor.child<Message>(id);
      return (message) => child.tell(message);
    });
    return { run: storming(tally, children), close: () => system.shutdown() };
  },
};

/** The policy of the parent resets a child. */
const nact: Subject = {
  name: "nact",
  open: async () => {
    const tally = new Tally();
    const system = start();
    const parent = spawn(system, () => undefined, "parent");
    const children = ids.map((id): Send<Message> => {
      const child = spawn(
        parent,
        (state: Fragile, message: Message) => {
          state.receive(message);
          return state;
        },
        id,
        { initialStateFunc: () => new Fragile(tally), onCrash: (_message, _error, context) => context.reset },
      );
      return (message) => dispatch(child, message);
    });
    return { run: storming(tally, children), close: async () => stop(system) };
  },
};

/**
 * A machine with a thousand children copies the list of them whenever it starts one anew. So each has a machine of its own, which
 * invokes it anew when it fails.
 */
const xstate: Subject = {
  name: "xstate",
  open: async () => {
    const tally = new Tally();
    const supervisors = ids.map(() => createActor(xstateSupervising(tally)).start());
    const children = supervisors.map(
      (supervisor): Send<Message> =>
        (message) =>
          supervisor.send(message),
    );
    return {
      run: storming(tally, children),
      close: async () => supervisors.forEach((supervisor) => supervisor.stop()),
    };
  },
};

/** A fiber for each, whose work is retried as often as it fails. */
const effect: Subject = {
  name: "effect",
  open: async () => {
    const tally = new Tally();
    const queues = ids.map(() => Effect.runSync(Queue.unbounded<Message>()));
    const fibers = queues.map((queue) => Effect.runFork(effectRetrying(queue, tally)));
    const children = queues.map(
      (queue): Send<Message> =>
        (message) =>
          void Queue.offerUnsafe(queue, message),
    );
    return { run: storming(tally, children), close: () => Effect.runPromise(Fiber.interruptAll(fibers)) };
  },
};

const limit: Subject = {
  name: "limit",
  open: async () => {
    const tally = new Tally();
    const fifo = new Fifo<Message>();
    return {
      run: storming(
        tally,
        ids.map(() => limitSupervising(fifo, tally)),
      ),
      close: async () => {},
    };
  },
};

/** A thousand children of one supervisor crash together; an operation is one child, until its next incarnation has handled a message. */
export const restartStorm: TimedWorkload = {
  suite: "rt",
  name: "restart-storm",
  unit: "ns",
  operations: 10_000,
  multiple: CHILDREN,
  subjects: [airssys, nact, xstate, effect, limit, erlang("lives restart_storm", { operations: 2000 })],
};
