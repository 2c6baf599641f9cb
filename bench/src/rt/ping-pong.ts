import { type ActorRef, ActorSystem } from "@airssys/rt";
import { Effect, Fiber, Queue } from "effect";
import { dispatch, spawn, start, stop } from "nact";
import { type ActorRefFrom, createActor, fromTransition, type TransitionActorLogic } from "xstate";
import { Fifo, type Receiver } from "../fifo.ts";
import { Tally } from "../tally.ts";
import type { Run, Subject, Workload } from "../workload.ts";

interface Ball {
  readonly type: "ball";
}

const ball: Ball = { type: "ball" };

/** Serves to the first player and waits until the ball came back to it often enough. */
function rally(tally: Tally, serve: () => void): Run["run"] {
  return async (operations) => {
    const played = tally.expect(operations);
    serve();
    await played;
    return tally.take();
  };
}

const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const tally = new Tally();
    const system = new ActorSystem("bench");
    const pong: ActorRef<Ball> = system.spawn<Ball>(() => ({ receive: () => ping.tell(ball) }));
    const ping: ActorRef<Ball> = system.spawn<Ball>(() => ({
      receive: () => {
        if (tally.count()) pong.tell(ball);
      },
    }));
    return { run: rally(tally, () => pong.tell(ball)), close: () => system.shutdown() };
  },
};

const nact: Subject = {
  name: "nact",
  operations: 20_000,
  open: async () => {
    const tally = new Tally();
    const system = start();
    const pong: object = spawn(system, (_state: undefined, _ball: Ball) => dispatch(ping, ball), "pong");
    const ping: object = spawn(
      system,
      (_state: undefined, _ball: Ball) => {
        if (tally.count()) dispatch(pong, ball);
      },
      "ping",
    );
    return { run: rally(tally, () => dispatch(pong, ball)), close: async () => stop(system) };
  },
};

type Player = TransitionActorLogic<undefined, Ball, undefined>;

function playing(play: () => void): Player {
  return fromTransition((_state: undefined, { type }: Ball): undefined => {
    if (type === "ball") play();
  }, undefined);
}

/** Has no hop to compare with: a ball is returned on the stack of the player who sent it, or from a loop in its mailbox. */
const xstate: Subject = {
  name: "xstate",
  open: async () => {
    const tally = new Tally();
    const pong: ActorRefFrom<Player> = createActor(playing(() => ping.send(ball))).start();
    const ping = createActor(
      playing(() => {
        if (tally.count()) pong.send(ball);
      }),
    ).start();
    return {
      run: rally(tally, () => pong.send(ball)),
      close: async () => [ping, pong].forEach((actor) => actor.stop()),
    };
  },
};

const effect: Subject = {
  name: "effect",
  operations: 20_000,
  open: async () => {
    const tally = new Tally();
    const toPing = Effect.runSync(Queue.unbounded<Ball>());
    const toPong = Effect.runSync(Queue.unbounded<Ball>());
    const player = (queue: Queue.Queue<Ball>, play: () => void) =>
      Effect.runFork(Queue.take(queue).pipe(Effect.map(play), Effect.forever({ disableYield: true })));
    const fibers = [
      player(toPong, () => void Queue.offerUnsafe(toPing, ball)),
      player(toPing, () => {
        if (tally.count()) Queue.offerUnsafe(toPong, ball);
      }),
    ];
    return {
      run: rally(tally, () => void Queue.offerUnsafe(toPong, ball)),
      close: () => Effect.runPromise(Fiber.interruptAll(fibers)),
    };
  },
};

const limit: Subject = {
  name: "limit",
  open: async () => {
    const tally = new Tally();
    const fifo = new Fifo<Ball>();
    const pong: Receiver<Ball> = { receive: () => fifo.send(ping, ball) };
    const ping: Receiver<Ball> = {
      receive: () => {
        if (tally.count()) fifo.send(pong, ball);
      },
    };
    return { run: rally(tally, () => fifo.send(pong, ball)), close: async () => {} };
  },
};

/** Two actors and one ball; an operation is one round trip. */
export const pingPong: Workload = {
  suite: "rt",
  name: "ping-pong",
  unit: "ns",
  operations: 500_000,
  subjects: [airssys, nact, xstate, effect, limit],
};
