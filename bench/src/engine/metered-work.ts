import { Engine } from "@airssys/engine";
import { bareComponent } from "../../../packages/engine/test/bare-component.ts";
import type { Run, Subject, TimedWorkload } from "../workload.ts";
import { cacheDirectory } from "./prepared-cache.ts";

/** Work that a guest does all by itself: what is measured is what fuel, deadline and stack depth cost its code. */
export interface MeteredWork {
  readonly name: string;
  readonly guest: () => Promise<Uint8Array>;
  /** The function of the guest, and what it is called with. */
  readonly fn: string;
  readonly args: readonly unknown[];
  /** What it answers when it has really done the work. */
  readonly answer: unknown;
  /** Calls in one timed run. */
  readonly operations: number;
  /** The rows of means it counts in. */
  readonly means: readonly string[];
}

/** V8 compiles code again when it has run for a while; a round that is measured comes after that. */
const WARM_UP_MS = 1000;

/** An operation is a call with the right answer. */
export function metered(work: MeteredWork): TimedWorkload {
  const subject = (name: string, callable: () => Promise<() => unknown>): Subject => ({
    name,
    open: async () => calling(await callable(), work.answer),
  });
  return {
    suite: "engine",
    name: work.name,
    unit: "us",
    operations: work.operations,
    means: work.means,
    subjects: [subject("airssys", () => limited(work)), subject("uninstrumented", () => uninstrumented(work))],
  };
}

/** Under the limits that an instance has unless it is given others. */
async function limited({ guest, fn, args }: MeteredWork): Promise<() => unknown> {
  const engine = new Engine({ cacheDirectory });
  const component = await engine.prepare(await guest());
  const instance = component.instantiate();
  return () => {
    const answer = instance.call(fn, args);
    return answer.ok ? answer.value : undefined;
  };
}

/** As the engine runs it, with core modules as they came: without fuel, deadline, stack depth or a bound of its memory. */
async function uninstrumented({ guest, fn, args }: MeteredWork): Promise<() => unknown> {
  const component = await bareComponent(await guest(), {});
  const callable = component.fn(fn);
  return () => callable(...args);
}

function calling(call: () => unknown, answer: unknown): Run {
  let isWarm = false;
  return {
    prepare: async (operations) => {
      // One call is enough to show that it runs.
      const until = performance.now() + (isWarm || operations === 1 ? 0 : WARM_UP_MS);
      while (performance.now() < until) call();
      isWarm = true;
    },
    run: async (operations) => {
      let right = 0;
      for (let called = 0; called < operations; called += 1) if (call() === answer) right += 1;
      return right;
    },
    close: async () => {},
  };
}
