import { ActorSystem } from "@airssys/rt";
import { ComponentHost } from "@airssys/wasm";
import { quantile } from "../quantile.ts";
import type { GaugedSubject, GaugedWorkload } from "../workload.ts";
import { bareComponent } from "./bare-jco.ts";
import { bareQuestion } from "./bare-message.ts";
import { counterGuest, countIn, payload } from "./counter-guest.ts";
import { counterManifest } from "./counter-manifest.ts";
import { cacheDirectory } from "./prepared-cache.ts";

/** A component that is asked without rest, and replaced meanwhile. */
interface Replaceable {
  readonly ask: () => Promise<unknown>;
  /** Has a fresh instance take over; the counts begin again with it. */
  readonly update: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Questions before an update is begun, and after the new instance has answered: the pause is between two replies. */
const AROUND = 200;

/** The longest time between two replies around an update, in microseconds. Throws when a reply is missing or out of order. */
async function pauseOf(replaceable: Replaceable, before: number): Promise<{ pause: number; count: number }> {
  let count = before;
  let pause = 0;
  let hasBegunAgain = false;
  let left = AROUND;
  let update: Promise<void> | undefined;
  let repliedAt = performance.now();
  for (let asked = 0; left > 0; asked += 1) {
    if (asked === AROUND) update = replaceable.update();
    const reply = countIn(await replaceable.ask());
    const now = performance.now();
    pause = Math.max(pause, asked < AROUND ? 0 : now - repliedAt);
    repliedAt = now;
    const isFresh = reply === 1 && count > 0;
    if (reply !== count + 1 && (!isFresh || hasBegunAgain || update === undefined)) {
      throw new Error(`the reply after ${count} was ${reply}`);
    }
    if (isFresh) hasBegunAgain = true;
    if (hasBegunAgain) left -= 1;
    count = reply;
  }
  await update;
  return { pause: pause * 1000, count };
}

function updating(name: string, open: () => Promise<Replaceable>): GaugedSubject {
  return {
    name,
    gauge: async (updates) => {
      const replaceable = await open();
      const pauses: number[] = [];
      let counted = 0;
      // The first compiles what updating needs.
      for (let update = 0; update <= updates; update += 1) {
        const { pause, count } = await pauseOf(replaceable, counted);
        counted = count;
        if (update > 0) pauses.push(pause);
      }
      await replaceable.close();
      return [{ value: quantile(pauses, 0.5) }];
    },
  };
}

/** The manifest is read and checked again, the code looked up in the cache, and the instance replaced between two messages. */
const airssys = updating("airssys", async () => {
  const system = new ActorSystem("bench");
  const host = new ComponentHost(system, { engine: { cacheDirectory } });
  const source = { manifest: counterManifest, artifact: await counterGuest() };
  const component = await host.install(source);
  const actor = system.spawn(component.start);
  return {
    ask: () => actor.ask(payload),
    update: () => host.update(component, source),
    close: () => system.shutdown(),
  };
});

/** Another instance is made of code that is compiled already, and called from then on. */
const bareJco = updating("bare-jco", async () => {
  const component = await bareComponent(await counterGuest());
  let counter = component.instantiate();
  return {
    ask: async () => counter.handleMessage(bareQuestion),
    update: async () => {
      counter = component.instantiate();
    },
    close: async () => {},
  };
});

export const componentUpdate: GaugedWorkload = {
  suite: "engine",
  name: "component-update-pause",
  figures: [{ name: "component-update-pause", unit: "us" }],
  size: 50,
  smallest: 2,
  subjects: [airssys, bareJco],
};
