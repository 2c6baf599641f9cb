import { ActorSystem } from "@airssys/rt";
import { Effect, Fiber, Queue } from "effect";
import { dispatch, spawn, start, stop } from "nact";
import { type AnyActorRef, createActor } from "xstate";
import { erlang } from "../erlang.ts";
import { Fifo } from "../fifo.ts";
import { Tally } from "../tally.ts";
import { effectActor } from "../troupes/effect.ts";
import { xstateActor } from "../troupes/xstate.ts";
import type { Subject, TimedWorkload } from "../workload.ts";
import { Counter, type Message, message } from "./counters.ts";

const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const tally = new Tally();
    let system = new ActorSystem("bench");
    return {
      run: async (operations) => {
        const handled = tally.expect(operations);
        for (let spawned = 0; spawned < operations; spawned += 1)
          system.spawn<Message>(() => new Counter(tally)).tell(message);
        await handled;
        return tally.take();
      },
      tidy: async () => {
        await system.shutdown();
        system = new ActorSystem("bench");
      },
      close: () => system.shutdown(),
    };
  },
};

const nact: Subject = {
  name: "nact",
  operations: 10_000,
  open: async () => {
    const tally = new Tally();
    let system = start();
    const count = (_state: undefined, _message: Message): undefined => void tally.count();
    return {
      run: async (operations) => {
        const handled = tally.expect(operations);
        for (let spawned = 0; spawned < operations; spawned += 1) {
          dispatch(spawn(system, count, `counter-${spawned}`), message);
        }
        await handled;
        return tally.take();
      },
      tidy: async () => {
        stop(system);
        system = start();
      },
      close: async () => stop(system),
    };
  },
};

/** Each a root actor, which costs less than a child spawned by a machine. */
const xstate: Subject = {
  name: "xstate",
  operations: 10_000,
  open: async () => {
    const tally = new Tally();
    const counter = xstateActor<Message>(() => {
      tally.count();
    });
    let actors: AnyActorRef[] = [];
    return {
      run: async (operations) => {
        const handled = tally.expect(operations);
        for (let spawned = 0; spawned < operations; spawned += 1) {
          const actor = createActor(counter).start();
          actors.push(actor);
          actor.send(message);
        }
        await handled;
        return tally.take();
      },
      tidy: async () => {
        for (const actor of actors) actor.stop();
        actors = [];
      },
      close: async () => {},
    };
  },
};

/** An actor is a queue and a fiber that takes from it. */
const effect: Subject = {
  name: "effect",
  operations: 5000,
  open: async () => {
    const tally = new Tally();
    let fibers: Fiber.Fiber<never>[] = [];
    return {
      run: async (operations) => {
        const handled = tally.expect(operations);
        for (let spawned = 0; spawned < operations; spawned += 1) {
          const queue = Effect.runSync(Queue.unbounded<Message>());
          fibers.push(Effect.runFork(effectActor(queue, () => void tally.count())));
          Queue.offerUnsafe(queue, message);
        }
        await handled;
        return tally.take();
      },
      tidy: async () => {
        await Effect.runPromise(Fiber.interruptAll(fibers));
        fibers = [];
      },
      close: async () => {},
    };
  },
};

const limit: Subject = {
  name: "limit",
  open: async () => {
    const tally = new Tally();
    const fifo = new Fifo<Message>();
    return {
      run: async (operations) => {
        const handled = tally.expect(operations);
        for (let spawned = 0; spawned < operations; spawned += 1) fifo.send(new Counter(tally), message);
        await handled;
        return tally.take();
      },
      close: async () => {},
    };
  },
};

/** Actors that live on together; an operation is one actor spawned that has handled its first message. */
export const spawning: TimedWorkload = {
  suite: "rt",
  name: "spawn",
  unit: "ns",
  operations: 50_000,
  subjects: [airssys, nact, xstate, effect, limit, erlang("lives spawn_many")],
};
