import { Effect, Fiber, PubSub } from "effect";
import { createActor } from "xstate";
import { Fifo } from "../fifo.ts";
import { Counter, type Message, message } from "../rt/counters.ts";
import { inBursts, Tally } from "../tally.ts";
import { xstateActor } from "../troupes/xstate.ts";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { fromBench, guardedSystem } from "./guarded-system.ts";

/** As many as the default mailbox holds. */
const BURST = 1000;

/** Publishes to one topic after another, in an order that jumps about, so that no cache is warmed for the next. */
function publishing(tally: Tally, names: readonly string[], publish: (name: string) => void): Run["run"] {
  let next = 0;
  return (operations) =>
    inBursts(tally, operations, BURST, (size) => {
      for (let published = 0; published < size; published += 1) {
        next = (next + 7919) % names.length;
        publish(names[next] ?? "");
      }
    });
}

function namesOf(topics: number): readonly string[] {
  return Array.from({ length: topics }, (_, index) => `bench.region-${index % 10}.topic-${index}`);
}

/** One actor subscribes to every topic; the name is looked up for every event. */
function airssys(topics: number): Subject {
  return {
    name: "airssys",
    open: async () => {
      const tally = new Tally();
      const names = namesOf(topics);
      const system = guardedSystem();
      const { broker } = system;
      const subscriber = system.spawn<Message>(() => new Counter(tally));
      for (const name of names) broker.subscribe(name, subscriber);
      return {
        run: publishing(tally, names, (name) => void broker.publish(name, message, fromBench)),
        close: () => system.shutdown(),
      };
    },
  };
}

/** Has no topics: one actor under as many names as there are topics in a map, handling the event on the publisher's stack. */
function xstate(topics: number): Subject {
  return {
    name: "xstate",
    open: async () => {
      const tally = new Tally();
      const names = namesOf(topics);
      const counter = createActor(xstateActor<Message>(() => void tally.count())).start();
      const subscribers = new Map(names.map((name) => [name, [counter]]));
      const publish = (name: string): void => {
        for (const subscriber of subscribers.get(name) ?? []) subscriber.send(message);
      };
      return { run: publishing(tally, names, publish), close: async () => void counter.stop() };
    },
  };
}

/** One PubSub for all topics and one fiber that takes from it: its topics have no names, so the map holds the same one. */
function effect(topics: number): Subject {
  return {
    name: "effect",
    operations: 100_000,
    open: async () => {
      const tally = new Tally();
      const names = namesOf(topics);
      const topic = Effect.runSync(PubSub.unbounded<Message>());
      const fiber = Effect.runFork(
        Effect.scoped(
          Effect.flatMap(PubSub.subscribe(topic), (subscription) =>
            PubSub.take(subscription).pipe(
              Effect.map(() => tally.count()),
              Effect.forever({ disableYield: true }),
            ),
          ),
        ),
      );
      const byName = new Map(names.map((name) => [name, topic]));
      const publish = (name: string): void => {
        const found = byName.get(name);
        if (found !== undefined) PubSub.publishUnsafe(found, message);
      };
      return { run: publishing(tally, names, publish), close: () => Effect.runPromise(Fiber.interrupt(fiber)) };
    },
  };
}

/** A map of lists of receivers and a queue of calls: nothing to check, stamp or bound. */
function limit(topics: number): Subject {
  return {
    name: "limit",
    open: async () => {
      const tally = new Tally();
      const names = namesOf(topics);
      const fifo = new Fifo<Message>();
      const counter = new Counter(tally);
      const subscribers = new Map(names.map((name) => [name, [counter]]));
      const publish = (name: string): void => {
        for (const subscriber of subscribers.get(name) ?? []) fifo.send(subscriber, message);
      };
      return { run: publishing(tally, names, publish), close: async () => {} };
    },
  };
}

function workload(name: string, topics: number): TimedWorkload {
  const subjects = [airssys(topics), xstate(topics), effect(topics), limit(topics)];
  return { suite: "broker", name, unit: "ns", operations: 200_000, subjects };
}

/** One publisher, and a topic of a thousand for each event; an operation is one event handled. */
export const topics: TimedWorkload = workload("topics", 1000);

/** The same with a hundred thousand topics. */
export const manyTopics: TimedWorkload = workload("topics-100000", 100_000);
