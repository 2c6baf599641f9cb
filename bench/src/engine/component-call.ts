import { fromBench, guardedSystem } from "../broker/guarded-system.ts";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { bareComponent } from "./bare-jco.ts";
import { bareMessage, bareQuestion } from "./bare-message.ts";
import { installedCounter } from "./counter-component.ts";
import { counterGuest, countIn, payload } from "./counter-guest.ts";

/** As many as the default mailbox holds. */
const BURST = 1000;

/** Sends bursts whose last message asks the guest how many it has handled: it answers when all before were handled. */
function counting(send: () => void, ask: () => Promise<unknown>): Run["run"] {
  let before = 0;
  return async (operations) => {
    let handled = before;
    for (let left = operations; left > 0; left -= BURST) {
      for (let sent = 1; sent < Math.min(left, BURST); sent += 1) send();
      handled = countIn(await ask());
    }
    const since = handled - before;
    before = handled;
    return since;
  };
}

/** Through the broker's checks and the mailbox into an instance whose memory, fuel and time are limited. */
const airssys: Subject = {
  name: "airssys",
  open: async () => {
    const system = guardedSystem();
    const component = await installedCounter(system);
    await system.supervise({ id: "components", strategy: "one-for-one", children: [component.childSpec()] });
    const { broker } = system;
    return {
      run: counting(
        () => broker.send(component.address, payload, fromBench),
        () => broker.request(component.address, payload, fromBench),
      ),
      close: () => system.shutdown(),
    };
  },
};

/** The export called directly: no mailbox, no checks, no limit. */
const bareJco: Subject = {
  name: "bare-jco",
  open: async () => {
    const component = await bareComponent(await counterGuest());
    const counter = component.instantiate();
    return {
      run: counting(
        () => void counter.handleMessage(bareMessage),
        async () => counter.handleMessage(bareQuestion),
      ),
      close: async () => {},
    };
  },
};

/** Messages of 100 bytes to one small component; an operation is one message that the guest has counted. */
export const componentCall: TimedWorkload = {
  suite: "engine",
  name: "component-call",
  unit: "ns",
  operations: 20_000,
  subjects: [airssys, bareJco],
};
