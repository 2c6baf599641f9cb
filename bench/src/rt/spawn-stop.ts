import { type Actor, ActorSystem } from "@airssys/rt";
import { Effect, Fiber, Queue } from "effect";
import { dispatch, spawn, start, stop } from "nact";
import { type AnyActorRef, createActor } from "xstate";
import { erlang } from "../erlang.ts";
import { Tally } from "../tally.ts";
import { effectActor } from "../troupes/effect.ts";
import { xstateActor } from "../troupes/xstate.ts";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { type Message, message } from "./counters.ts";

/** Few enough to live at once; the next are spawned when all of these have stopped. */
const TOGETHER = 100;

/** Spawns some, each with a message; when all have handled theirs, stops them; waits until the last says that it stopped. */
function generations<A>(
  handled: Tally,
  stopped: Tally,
  spawnOne: () => A,
  stopAll: (actors: readonly A[]) => void,
): Run["run"] {
  return async (operations) => {
    for (let left = operations; left > 0; left -= TOGETHER) {
      const size = Math.min(left, TOGETHER);
      const allHandled = handled.expect(size);
      const actors = Array.from({ length: size }, spawnOne);
      await allHandled;
      const allStopped = stopped.expect(size);
      stopAll(actors);
      await allStopped;
    }
    return Math.min(handled.take(), stopped.take());
  };
}

class Mortal implements Actor<Message> {
  readonly #handled: Tally;
  readonly #stopped: Tally;

  constructor(handled: Tally, stopped: Tally) {
    this.#handled = handled;
    this.#stopped = stopped;
  }

  receive(): void {
    this.#handled.count();
  }

  postStop(): void {
    this.#stopped.count();
  }
}

const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const [handled, stopped] = [new Tally(), new Tally()];
    const system = new ActorSystem("bench");
    const spawnOne = () => {
      const actor = system.spawn<Message>(() => new Mortal(handled, stopped));
      actor.tell(message);
      return actor;
    };
    return {
      run: generations(handled, stopped, spawnOne, (actors) => actors.forEach((actor) => void system.stop(actor))),
      close: () => system.shutdown(),
    };
  },
};

const nact: Subject = {
  name: "nact",
  operations: 10_000,
  open: async () => {
    const [handled, stopped] = [new Tally(), new Tally()];
    const system = start();
    const count = (_state: undefined, _message: Message): undefined => void handled.count();
    let names = 0;
    const spawnOne = () => {
      const actor = spawn(system, count, `mortal-${(names += 1)}`, { afterStop: () => void stopped.count() });
      dispatch(actor, message);
      return actor;
    };
    return {
      run: generations(handled, stopped, spawnOne, (actors) => actors.forEach((actor) => stop(actor))),
      close: async () => stop(system),
    };
  },
};

const xstate: Subject = {
  name: "xstate",
  operations: 10_000,
  open: async () => {
    const [handled, stopped] = [new Tally(), new Tally()];
    const mortal = xstateActor<Message>(() => {
      handled.count();
    });
    const spawnOne = (): AnyActorRef => {
      const actor = createActor(mortal);
      actor.subscribe({ complete: () => void stopped.count() });
      actor.start();
      actor.send(message);
      return actor;
    };
    return {
      run: generations(handled, stopped, spawnOne, (actors) => actors.forEach((actor) => actor.stop())),
      close: async () => {},
    };
  },
};

const effect: Subject = {
  name: "effect",
  operations: 5000,
  open: async () => {
    const [handled, stopped] = [new Tally(), new Tally()];
    const spawnOne = (): Fiber.Fiber<never> => {
      const queue = Effect.runSync(Queue.unbounded<Message>());
      const fiber = Effect.runFork(
        Effect.ensuring(
          effectActor(queue, () => void handled.count()),
          Effect.sync(() => stopped.count()),
        ),
      );
      Queue.offerUnsafe(queue, message);
      return fiber;
    };
    return {
      run: generations(handled, stopped, spawnOne, (fibers) => void Effect.runFork(Fiber.interruptAll(fibers))),
      close: async () => {},
    };
  },
};

/** A hundred actors at a time; an operation is one actor spawned that has handled a message and then run its last hook. */
export const spawnStop: TimedWorkload = {
  suite: "rt",
  name: "spawn-stop",
  unit: "ns",
  operations: 50_000,
  subjects: [airssys, nact, xstate, effect, erlang("lives spawn_stop")],
};
