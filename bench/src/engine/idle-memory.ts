import { ActorSystem } from "@airssys/rt";
import type { GaugedSubject, GaugedWorkload } from "../workload.ts";
import { bareComponent } from "./bare-jco.ts";
import { bareQuestion } from "./bare-message.ts";
import type { CounterExports } from "./generated-module.ts";
import { installedCounter } from "./counter-component.ts";
import { counterGuest, countIn, payload } from "./counter-guest.ts";

/** So many have compiled all code, and grown what does not grow with every instance. */
const WARM_UP = 50;

async function residentBytes(): Promise<number> {
  for (let collections = 0; collections < 3; collections += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  return process.memoryUsage.rss();
}

/** Makes instances that have each answered a message and wait for the next, and keeps them: the memory of one. */
function idle<T>(name: string, open: () => Promise<() => Promise<T>>): GaugedSubject {
  return {
    name,
    gauge: async (size) => {
      const makeOne = await open();
      const kept: T[] = [];
      for (let made = 0; made < WARM_UP; made += 1) kept.push(await makeOne());
      const before = await residentBytes();
      for (let made = 0; made < size; made += 1) kept.push(await makeOne());
      const each = ((await residentBytes()) - before) / size;
      if (kept.length !== WARM_UP + size) throw new Error("some instances were not kept");
      return [{ value: each }];
    },
  };
}

function checkFirst(answer: unknown): void {
  if (countIn(answer) !== 1) throw new Error("an instance began with the state of another");
}

/** Actors of one component, each with a mailbox and an instance of its own. */
const airssys = idle("airssys", async () => {
  const system = new ActorSystem("bench");
  const component = await installedCounter(system);
  return async () => {
    const actor = system.spawn(component.member().start);
    checkFirst(await actor.ask(payload));
    return actor;
  };
});

/** Instances alone. */
const bareJco = idle("bare-jco", async () => {
  const component = await bareComponent(await counterGuest());
  return async (): Promise<CounterExports> => {
    const counter = component.instantiate();
    checkFirst(counter.handleMessage(bareQuestion));
    return counter;
  };
});

/** Resident memory of the process for each component that waits for a message, its linear memory of one page included. */
export const componentMemory: GaugedWorkload = {
  suite: "engine",
  name: "component-memory",
  figures: [{ name: "component-memory", unit: "B" }],
  size: 1000,
  smallest: 50,
  subjects: [airssys, bareJco],
};
