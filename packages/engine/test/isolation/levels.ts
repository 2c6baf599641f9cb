import { afterAll, afterEach } from "vitest";
import {
  Engine,
  type EngineOptions,
  type Isolation,
  type LaunchOptions,
  type PreparedComponent,
  type RunningInstance,
} from "../../src/index.ts";
import { fixture, temporaryDirectory } from "../fixtures.ts";

/** Where instances may run. What is promised of them is promised of both. */
export const LEVELS: readonly Isolation[] = ["shared", "worker"];

/** What one level has prepared, the other need not. */
const cacheDirectory = temporaryDirectory();

/** Launches fixtures on one level, and disposes of them after each test. */
export interface Launcher {
  readonly engine: Engine;
  readonly prepare: (name: string) => Promise<PreparedComponent>;
  readonly launch: (name: string, options?: Omit<LaunchOptions, "isolation">) => Promise<RunningInstance>;
}

export function launcher(isolation: Isolation, options: Omit<EngineOptions, "cacheDirectory"> = {}): Launcher {
  const engine = new Engine({ ...options, cacheDirectory });
  const prepared = new Map<string, Promise<PreparedComponent>>();
  const running: RunningInstance[] = [];
  const prepare = (name: string): Promise<PreparedComponent> => {
    const component = prepared.get(name) ?? fixture(name).then((bytes) => engine.prepare(bytes));
    prepared.set(name, component);
    return component;
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((instance) => instance[Symbol.asyncDispose]()));
  });
  afterAll(() => engine[Symbol.asyncDispose]());
  return {
    engine,
    prepare,
    launch: async (name, given = {}) => {
      const instance = await (await prepare(name)).launch({ ...given, isolation });
      running.push(instance);
      return instance;
    },
  };
}

/** What a promise is rejected with; undefined when it is not. */
export async function rejectionOf(promise: PromiseLike<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Counts the rounds of this thread's event loop until it is stopped. */
export function countRounds(): { readonly rounds: number; stop(): void } {
  let rounds = 0;
  let next = setImmediate(function round() {
    rounds += 1;
    next = setImmediate(round);
  });
  return {
    get rounds() {
      return rounds;
    },
    stop: () => clearImmediate(next),
  };
}
