import { Effect, Fiber, PubSub } from "effect";
import { dispatch, spawn, start, stop } from "nact";
import { createActor, fromTransition } from "xstate";
import { erlang } from "../erlang.ts";
import { Fifo } from "../fifo.ts";
import { Counter, type Message, message } from "../rt/counters.ts";
import { inBursts, Tally } from "../tally.ts";
import { xstateActor } from "../troupes/xstate.ts";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { fromBench, guardedSystem } from "./guarded-system.ts";

const SUBSCRIBERS = 1000;

/** Events published before the publisher waits until all were delivered. */
const BURST = 10;

function publishing(tally: Tally, publish: () => void): Run["run"] {
  return (deliveries) =>
    inBursts(tally, deliveries, BURST * SUBSCRIBERS, (size) => {
      for (let delivered = 0; delivered < size; delivered += SUBSCRIBERS) publish();
    });
}

const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const tally = new Tally();
    const system = guardedSystem();
    for (let subscribed = 0; subscribed < SUBSCRIBERS; subscribed += 1) {
      system.broker.subscribe(
        "bench.news",
        system.spawn<Message>(() => new Counter(tally)),
      );
    }
    const topic = system.broker.topic("bench.news");
    return { run: publishing(tally, () => void topic.publish(message, fromBench)), close: () => system.shutdown() };
  },
};

/** Has no topics: an actor that dispatches to each of its subscribers. */
const nact: Subject = {
  name: "nact",
  operations: 50_000,
  open: async () => {
    const tally = new Tally();
    const system = start();
    const count = (_state: undefined, _message: Message): undefined => void tally.count();
    const subscribers = Array.from({ length: SUBSCRIBERS }, (_, index) => spawn(system, count, `subscriber-${index}`));
    const topic = spawn(
      system,
      (_state: undefined, news: Message) => {
        for (const subscriber of subscribers) dispatch(subscriber, news);
      },
      "topic",
    );
    return { run: publishing(tally, () => dispatch(topic, message)), close: async () => stop(system) };
  },
};

/** Has no topics: an actor that sends to each of its subscribers, which handle the event on its stack. */
const xstate: Subject = {
  name: "xstate",
  open: async () => {
    const tally = new Tally();
    const subscribers = Array.from({ length: SUBSCRIBERS }, () =>
      createActor(xstateActor<Message>(() => void tally.count())).start(),
    );
    const topic = createActor(
      fromTransition((_state: undefined, news: Message): undefined => {
        if (news.type === "count") for (const subscriber of subscribers) subscriber.send(news);
      }, undefined),
    ).start();
    return {
      run: publishing(tally, () => topic.send(message)),
      close: async () => [topic, ...subscribers].forEach((actor) => actor.stop()),
    };
  },
};

/** A PubSub, and a fiber for each subscription that takes from it. */
const effect: Subject = {
  name: "effect",
  operations: 100_000,
  open: async () => {
    const tally = new Tally();
    const topic = Effect.runSync(PubSub.unbounded<Message>());
    const subscriber = Effect.scoped(
      Effect.flatMap(PubSub.subscribe(topic), (subscription) =>
        PubSub.take(subscription).pipe(
          Effect.map(() => tally.count()),
          Effect.forever({ disableYield: true }),
        ),
      ),
    );
    const fibers = Array.from({ length: SUBSCRIBERS }, () => Effect.runFork(subscriber));
    return {
      run: publishing(tally, () => void PubSub.publishUnsafe(topic, message)),
      close: () => Effect.runPromise(Fiber.interruptAll(fibers)),
    };
  },
};

/** A queue of calls and a list of receivers: nothing to look up, check, stamp or bound. */
const limit: Subject = {
  name: "limit",
  open: async () => {
    const tally = new Tally();
    const fifo = new Fifo<Message>();
    const subscribers = Array.from({ length: SUBSCRIBERS }, () => new Counter(tally));
    const publish = (): void => {
      for (const subscriber of subscribers) fifo.send(subscriber, message);
    };
    return { run: publishing(tally, publish), close: async () => {} };
  },
};

/** One publisher and a thousand subscribers, each an actor; an operation is one delivery handled. */
export const pubSub: TimedWorkload = {
  suite: "broker",
  name: "pub-sub",
  unit: "ns",
  operations: 1_000_000,
  multiple: SUBSCRIBERS,
  subjects: [airssys, nact, xstate, effect, limit, erlang("messages pub_sub")],
};
