import { dispatch, spawn, start, stop } from "nact";
import { createActor } from "xstate";
import { Fifo } from "../fifo.ts";
import { Counter, type Message, message } from "../rt/counters.ts";
import { inBursts, Tally } from "../tally.ts";
import { xstateActor } from "../troupes/xstate.ts";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { fromBench, guardedSystem } from "./guarded-system.ts";

/** As many as the default mailbox holds. */
const BURST = 1000;

function sending(tally: Tally, send: (messages: number) => void): Run["run"] {
  return (operations) => inBursts(tally, operations, BURST, send);
}

/** The name is looked up, sender and rate are checked, and an envelope is stamped, for every message. */
const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const tally = new Tally();
    const system = guardedSystem();
    const { broker } = system;
    system.registry.register(
      "counter",
      system.spawn<Message>(() => new Counter(tally)),
    );
    return {
      run: sending(tally, (size) => {
        for (let sent = 0; sent < size; sent += 1) broker.send("counter", message, fromBench);
      }),
      close: () => system.shutdown(),
    };
  },
};

/** Looks the actor up by its path for every message. Nothing is checked or stamped. */
const nact: Subject = {
  name: "nact",
  operations: 50_000,
  open: async () => {
    const tally = new Tally();
    const system = start();
    const counter = spawn(system, (_state: undefined, _message: Message) => void tally.count(), "counter");
    return {
      run: sending(tally, (size) => {
        for (let sent = 0; sent < size; sent += 1) dispatch(counter, message);
      }),
      close: async () => stop(system),
    };
  },
};

/** Looks the actor up in its system by its id for every event. Nothing is checked or stamped. */
const xstate: Subject = {
  name: "xstate",
  open: async () => {
    const tally = new Tally();
    const counter = createActor(
      xstateActor<Message>(() => void tally.count()),
      { systemId: "counter" },
    ).start();
    const { system } = counter;
    return {
      run: sending(tally, (size) => {
        for (let sent = 0; sent < size; sent += 1) system.get("counter")?.send(message);
      }),
      close: async () => void counter.stop(),
    };
  },
};

/** A map of names and a queue of calls. Nothing is checked or stamped. */
const limit: Subject = {
  name: "limit",
  open: async () => {
    const tally = new Tally();
    const fifo = new Fifo<Message>();
    const names = new Map([["counter", new Counter(tally)]]);
    return {
      run: sending(tally, (size) => {
        for (let sent = 0; sent < size; sent += 1) {
          const counter = names.get("counter");
          if (counter !== undefined) fifo.send(counter, message);
        }
      }),
      close: async () => {},
    };
  },
};

/** One sender, one actor that counts, addressed by name: from send to handled. */
export const send: TimedWorkload = {
  suite: "broker",
  name: "send",
  unit: "ns",
  operations: 300_000,
  subjects: [airssys, nact, xstate, limit],
};
