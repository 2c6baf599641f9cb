// A door of its own: whoever uses another test runner never loads vitest.
import { ActorSystem, type ActorSystemOptions } from "@airssys/rt";
import { test as base, type TestAPI } from "vitest";
import { EventRecorder } from "./event-recorder.ts";
import { seededDispatch } from "./seeded-dispatch.ts";
import { seededRandom } from "./seeded-random.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** What each test gets, made when it asks for it. */
export interface ActorFixtures {
  /** Decides who goes next, and every random number; 1 unless overridden with `test.override`. */
  seed: number;
  /** What the system is made with besides clock and seed: `{ log: consoleLog() }` shows what failed, which is silent else. */
  systemOptions: ActorSystemOptions;
  clock: VirtualClock;
  /** A system on that clock and seed, shut down after the test. Actors that hang are killed then. */
  system: ActorSystem;
  /** Records what happens in that system. */
  recorder: EventRecorder;
}

/** Longer than any shutdown time that a test would set. */
const LONG_ENOUGH_MS = 3_600_000;

/** vitest's own `test`, with actors. */
export const test: TestAPI<ActorFixtures> = base.extend<ActorFixtures>({
  seed: 1,
  systemOptions: {},
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the pattern to learn what a fixture needs
  clock: async ({}, use) => {
    await use(new VirtualClock());
  },
  system: async ({ clock, seed, systemOptions }, use) => {
    const [random, dispatcher] = [seededRandom(seed), seededDispatch(seed)];
    const system = new ActorSystem("test", { ...systemOptions, clock, random, dispatcher });
    await use(system);
    const stopping = system.shutdown();
    await clock.sleep(LONG_ENOUGH_MS);
    await stopping;
  },
  recorder: async ({ system }, use) => {
    using recorder = new EventRecorder(system);
    await use(recorder);
  },
});
