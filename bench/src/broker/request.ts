import { query, spawn, start, stop } from "nact";
import { createActor } from "xstate";
import { oneByOne, Replies } from "../replies.ts";
import { Clerk, type Read, read } from "../troupes/airssys.ts";
import { nactClerk, nactQuestion } from "../troupes/nact.ts";
import { xstateClerk } from "../troupes/xstate.ts";
import type { Subject, TimedWorkload } from "../workload.ts";
import { fromBench, guardedSystem } from "./guarded-system.ts";

/** The name is looked up, sender and rate are checked, an envelope is stamped and a deadline armed, for every request. */
const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const system = guardedSystem();
    const { broker } = system;
    system.registry.register(
      "clerk",
      system.spawn<Read>(() => new Clerk()),
    );
    const replies = new Replies();
    return {
      run: (operations) => oneByOne(replies, operations, () => broker.request("clerk", read, fromBench)),
      close: () => system.shutdown(),
    };
  },
};

/** Looks the actor up by its path and arms a deadline for every query. Nothing is checked or stamped. */
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

/** Looks the actor up in its system by its id for every event. Nothing is checked or stamped, no deadline is armed. */
const xstate: Subject = {
  name: "xstate",
  open: async () => {
    const clerk = createActor(xstateClerk, { systemId: "clerk" }).start();
    const { system } = clerk;
    const replies = new Replies();
    const ask = (): Promise<unknown> => new Promise((reply) => void system.get("clerk")?.send({ type: "read", reply }));
    return { run: (operations) => oneByOne(replies, operations, ask), close: async () => void clerk.stop() };
  },
};

/** A map of names, and a promise that a direct call settles. Nothing is checked or stamped, no deadline is armed. */
const limit: Subject = {
  name: "limit",
  open: async () => {
    const names = new Map([["clerk", new Clerk()]]);
    const replies = new Replies();
    const ask = (): Promise<unknown> => new Promise((reply) => reply(names.get("clerk")?.receive()));
    return { run: (operations) => oneByOne(replies, operations, ask), close: async () => {} };
  },
};

/** One request after another to an actor addressed by name; an operation is one reply received. */
export const request: TimedWorkload = {
  suite: "broker",
  name: "request",
  unit: "ns",
  operations: 100_000,
  subjects: [airssys, nact, xstate, limit],
};
