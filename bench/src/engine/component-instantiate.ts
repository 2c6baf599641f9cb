import { Engine } from "@airssys/engine";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { bareComponent } from "./bare-jco.ts";
import { bareQuestion } from "./bare-message.ts";
import { counterGuest, countIn, LIFECYCLE } from "./counter-guest.ts";
import { counterManifest } from "./counter-manifest.ts";
import { cacheDirectory } from "./prepared-cache.ts";

/** Makes instances, each of which answers its first message; one that began with the state of another does not count. */
function instantiating(answerOfFresh: () => unknown): Run["run"] {
  return async (operations) => {
    let fresh = 0;
    for (let made = 0; made < operations; made += 1) {
      if (countIn(answerOfFresh()) === 1) fresh += 1;
    }
    return fresh;
  };
}

/** With a memory limit, and disposed of when it has answered. */
const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const engine = new Engine({ cacheDirectory });
    const component = await engine.prepare(await counterGuest());
    const limits = { memoryBytes: counterManifest.resources.memory.maxBytes };
    return {
      run: instantiating(() => {
        using instance = component.instantiate({ limits });
        const answer = instance.call(`${LIFECYCLE}#handle-message`, [bareQuestion]);
        return answer.ok ? answer.value : undefined;
      }),
      close: async () => {},
    };
  },
};

/** Without a limit, and left to the garbage collector. */
const bareJco: Subject = {
  name: "bare-jco",
  open: async () => {
    const component = await bareComponent(await counterGuest());
    return { run: instantiating(() => component.instantiate().handleMessage(bareQuestion)), close: async () => {} };
  },
};

/** From compiled code to an instance that has answered its first message; what a restart of a component costs at least. */
export const componentInstantiate: TimedWorkload = {
  suite: "engine",
  name: "component-instantiate",
  unit: "us",
  operations: 400,
  subjects: [airssys, bareJco],
};
