import { ActorSystem } from "@airssys/rt";
import { Deferred, Effect, Fiber, Queue } from "effect";
import { query, spawn, start, stop } from "nact";
import { createActor } from "xstate";
import { oneByOne, Replies } from "../replies.ts";
import type { Subject, Workload } from "../workload.ts";
import { Clerk, nactClerk, nactQuestion, type Read, read, xstateClerk } from "./clerks.ts";

const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const system = new ActorSystem("bench");
    const clerk = system.spawn<Read>(() => new Clerk());
    const replies = new Replies();
    return {
      run: (operations) => oneByOne(replies, operations, () => clerk.ask(read)),
      close: () => system.shutdown(),
    };
  },
};

const nact: Subject = {
  name: "nact",
  operations: 20_000,
  open: async () => {
    const system = start();
    const clerk = spawn(system, nactClerk, "clerk", { initialState: 0 });
    const replies = new Replies();
    return {
      run: (operations) => oneByOne(replies, operations, () => query(clerk, nactQuestion, 5000)),
      close: async () => stop(system),
    };
  },
};

/** Has no ask: the event carries the function that takes the answer. No deadline is armed. */
const xstate: Subject = {
  name: "xstate",
  open: async () => {
    const clerk = createActor(xstateClerk).start();
    const replies = new Replies();
    return {
      run: (operations) =>
        oneByOne(replies, operations, () => new Promise((reply) => clerk.send({ type: "read", reply }))),
      close: async () => void clerk.stop(),
    };
  },
};

/** A request is a Deferred in the worker's queue, awaited with a time-out; asker and worker are fibers. */
const effect: Subject = {
  name: "effect",
  operations: 10_000,
  open: async () => {
    const questions = Effect.runSync(Queue.unbounded<Deferred.Deferred<number>>());
    let answered = 0;
    const clerk = Effect.runFork(
      Queue.take(questions).pipe(
        Effect.flatMap((question) => Deferred.succeed(question, (answered += 1))),
        Effect.forever({ disableYield: true }),
      ),
    );
    const question = Effect.gen(function* () {
      const reply = yield* Deferred.make<number>();
      Queue.offerUnsafe(questions, reply);
      return yield* Deferred.await(reply);
    }).pipe(Effect.timeout("5 seconds"));
    const replies = new Replies();
    return {
      run: (operations) =>
        Effect.runPromise(
          Effect.gen(function* () {
            for (let asked = 0; asked < operations; asked += 1) replies.receive(yield* question);
            return replies.take();
          }),
        ),
      close: () => Effect.runPromise(Fiber.interrupt(clerk)),
    };
  },
};

/** A promise that a direct call settles, awaited. No deadline. */
const limit: Subject = {
  name: "limit",
  open: async () => {
    let answered = 0;
    const answer = (reply: (answered: number) => void): void => reply((answered += 1));
    const replies = new Replies();
    return {
      run: (operations) => oneByOne(replies, operations, () => new Promise(answer)),
      close: async () => {},
    };
  },
};

/** One question after another, each awaited with a deadline of 5 seconds; an operation is one reply received. */
export const ask: Workload = {
  suite: "rt",
  name: "ask",
  unit: "ns",
  operations: 200_000,
  subjects: [airssys, nact, xstate, effect, limit],
};
