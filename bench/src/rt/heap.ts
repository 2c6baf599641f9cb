import { type ActorRef, ActorSystem } from "@airssys/rt";
import { Effect, Fiber, Queue } from "effect";
import { dispatch, spawn, start, stop } from "nact";
import { type AnyActorRef, createActor } from "xstate";
import { erlangGauge } from "../erlang.ts";
import { Tally } from "../tally.ts";
import { effectActor } from "../troupes/effect.ts";
import { xstateActor } from "../troupes/xstate.ts";
import type { GaugedSubject, GaugedWorkload } from "../workload.ts";
import { Counter, type Message, message } from "./counters.ts";

interface Population<A> {
  /** Starts an actor and sends it a message: an idle actor is one that has nothing more to do. */
  readonly spawnOne: () => A;
  readonly stopAll: (actors: readonly A[]) => Promise<void>;
}

/** So many have compiled all code, and grown the tables that do not grow with every actor. */
const WARM_UP = 2000;

async function heapBytes(): Promise<number> {
  for (let collections = 0; collections < 3; collections += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  return process.memoryUsage().heapUsed;
}

async function populate<A>({ spawnOne }: Population<A>, tally: Tally, actors: (A | undefined)[]): Promise<void> {
  const handled = tally.expect(actors.length);
  for (let index = 0; index < actors.length; index += 1) actors[index] = spawnOne();
  await handled;
  if (tally.take() !== actors.length) throw new Error("some actors handled more than the one message they were sent");
}

/** Room for as many, so that where they are kept is not counted as theirs. */
function roomFor<A>(actors: number): (A | undefined)[] {
  return Array.from({ length: actors }, () => undefined);
}

function heapOf<A extends object>(name: string, open: (tally: Tally) => Population<A>): GaugedSubject {
  return {
    name,
    gauge: async (size) => {
      const tally = new Tally();
      const population = open(tally);
      const first = roomFor<A>(WARM_UP);
      await populate(population, tally, first);
      await population.stopAll(first.filter((actor) => actor !== undefined));
      const actors = roomFor<A>(size);
      const before = await heapBytes();
      await populate(population, tally, actors);
      return [{ value: ((await heapBytes()) - before) / size }];
    },
  };
}

const airssys = heapOf("airssys", (tally): Population<ActorRef<Message>> => {
  const system = new ActorSystem("bench");
  const factory = (): Counter => new Counter(tally);
  return {
    spawnOne: () => {
      const actor = system.spawn<Message>(factory);
      actor.tell(message);
      return actor;
    },
    stopAll: async (actors) => {
      for (const actor of actors) void system.stop(actor);
    },
  };
});

const nact = heapOf("nact", (tally): Population<object> => {
  let system = start();
  let spawned = 0;
  const count = (_state: undefined, _message: Message): undefined => void tally.count();
  return {
    spawnOne: () => {
      const actor = spawn(system, count, `counter-${(spawned += 1)}`);
      dispatch(actor, message);
      return actor;
    },
    stopAll: async () => {
      stop(system);
      system = start();
    },
  };
});

const xstate = heapOf("xstate", (tally): Population<AnyActorRef> => {
  const counter = xstateActor<Message>(() => void tally.count());
  return {
    spawnOne: () => {
      const actor = createActor(counter).start();
      actor.send(message);
      return actor;
    },
    stopAll: async (actors) => {
      for (const actor of actors) actor.stop();
    },
  };
});

/** An actor is a queue and a fiber that takes from it. */
const effect = heapOf("effect", (tally): Population<Fiber.Fiber<never>> => {
  const count = (): void => void tally.count();
  return {
    spawnOne: () => {
      const queue = Effect.runSync(Queue.unbounded<Message>());
      const fiber = Effect.runFork(effectActor(queue, count));
      Queue.offerUnsafe(queue, message);
      return fiber;
    },
    stopAll: (actors) => Effect.runPromise(Fiber.interruptAll(actors)),
  };
});

/** The object alone. */
const limit = heapOf("limit", (tally): Population<Counter> => ({
  spawnOne: () => {
    const counter = new Counter(tally);
    counter.receive();
    return counter;
  },
  stopAll: async () => {},
}));

/** A hundred thousand actors that have handled a message and wait for the next; the figure is the memory of one. */
export const heap: GaugedWorkload = {
  suite: "rt",
  name: "heap",
  figures: [{ name: "heap", unit: "B" }],
  size: 100_000,
  smallest: 5000,
  subjects: [airssys, nact, xstate, effect, limit, erlangGauge("lives heap")],
};
