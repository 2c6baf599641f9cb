import { fromBench, guardedSystem } from "../broker/guarded-system.ts";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { bareComponent } from "./bare-jco.ts";
import { bareMessage, bareQuestion } from "./bare-message.ts";
import { installedCounter } from "./counter-component.ts";
import { countIn, counterGuest, payload, trapPayload } from "./counter-guest.ts";

/** Makes the component trap and asks the next instance for its count; one that began with the state of another does not count. */
function crashing(trap: () => void, ask: () => Promise<unknown>): Run["run"] {
  return async (operations) => {
    let restarted = 0;
    for (let crashed = 0; crashed < operations; crashed += 1) {
      trap();
      if (countIn(await ask()) === 1) restarted += 1;
    }
    return restarted;
  };
}

/** A permanent child that is restarted at once; the question waits in its mailbox meanwhile. */
const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const system = guardedSystem();
    const component = await installedCounter(system);
    await system.supervise({
      id: "components",
      strategy: "one-for-one",
      intensity: { maxRestarts: 100_000, withinMs: 1 },
      children: [{ id: "counter", start: component.start, restart: "permanent" }],
    });
    const { broker } = system;
    return {
      run: crashing(
        () => broker.send(component.address, trapPayload, fromBench),
        () => broker.request(component.address, payload, fromBench),
      ),
      close: () => system.shutdown(),
    };
  },
};

/** Catch, instantiate, call. */
const bareJco: Subject = {
  name: "bare-jco",
  open: async () => {
    const component = await bareComponent(await counterGuest());
    let counter = component.instantiate();
    return {
      run: crashing(
        () => {
          try {
            counter.handleMessage({ ...bareMessage, payload: trapPayload });
          } catch {
            counter = component.instantiate();
          }
        },
        async () => counter.handleMessage(bareQuestion),
      ),
      close: async () => {},
    };
  },
};

/** An operation is one trap, from the message that causes it until the next instance has answered a question. */
export const componentRestart: TimedWorkload = {
  suite: "engine",
  name: "component-restart",
  unit: "us",
  operations: 300,
  subjects: [airssys, bareJco],
};
