import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import {
  Engine,
  EngineError,
  InstanceDeadError,
  type Isolation,
  type PreparedComponent,
  type RunningInstance,
} from "../../src/index.ts";
import { type Attack, componentOf } from "./attack.ts";

/** Far more than preparing any of them takes, however busy the machine. */
const PREPARE_TIMEOUT_MS = 120_000;

/** What an attack came to. */
export interface Outcome {
  readonly ends: string;
  readonly error: unknown;
  /** Whether there is an instance that could be called again. */
  readonly isAlive: boolean;
  /** The memory that the process holds more than before. */
  readonly grownBytes: number;
}

/** The host has no use for a resource of a guest. */
function drop(value: unknown): void {
  const dispose: unknown = typeof value === "object" && value !== null && Reflect.get(value, Symbol.dispose);
  if (typeof dispose === "function") dispose.call(value);
}

/** An engine that is attacked, and those who were there before and come after. */
export class Battleground implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #prepared = new Map<Attack["guest"], Promise<PreparedComponent>>();
  readonly #siblings = new Map<Isolation, { readonly instance: RunningInstance; calls: number }>();
  #installs = 0;

  constructor(cacheDirectory: string) {
    this.#engine = new Engine({ cacheDirectory, prepareTimeoutMs: PREPARE_TIMEOUT_MS });
  }

  /** The component of an attack, prepared once. */
  prepare(attack: Pick<Attack, "guest">): Promise<PreparedComponent> {
    const known = this.#prepared.get(attack.guest) ?? componentOf(attack).then((bytes) => this.#engine.prepare(bytes));
    this.#prepared.set(attack.guest, known);
    return known;
  }

  async attack(attack: Attack, isolation: Isolation): Promise<Outcome> {
    const before = process.memoryUsage.rss();
    let instance: RunningInstance | undefined;
    const ending = (ends: string, error?: unknown): Outcome => {
      return { ends, error, isAlive: instance?.isAlive ?? false, grownBytes: process.memoryUsage.rss() - before };
    };
    try {
      const component = await this.prepare(attack);
      const { imports = {}, limits = {} } = attack;
      const given = typeof imports === "function" ? imports(() => instance) : imports;
      instance = await component.launch({ isolation, imports: given, limits });
      for (const [name, ...args] of attack.calls ?? []) {
        const answer = await instance.call(name, args);
        if (!answer.ok) return ending("a WIT error");
        drop(answer.value);
      }
      return ending("answer");
    } catch (thrown) {
      // On a thread of its own a resource is dropped some time after it was said to be; whoever calls next is told of what came of it.
      const error = thrown instanceof InstanceDeadError ? thrown.cause : thrown;
      return ending(error instanceof EngineError ? error.code : `no error of the engine: ${String(error)}`, error);
    } finally {
      await instance?.[Symbol.asyncDispose]();
    }
  }

  /** How often the guest that nobody attacks says it was called: one that lives on counts on, one that is new begins. */
  async bystanders(isolation: Isolation): Promise<{ readonly livesOn: boolean; readonly startsAfresh: boolean }> {
    const component = await this.prepare({ guest: "bystander" });
    const sibling = this.#siblings.get(isolation) ?? { instance: await component.launch({ isolation }), calls: 0 };
    this.#siblings.set(isolation, sibling);
    sibling.calls += 1;
    const calls = await sibling.instance.call("count");
    await using fresh = await component.launch({ isolation });
    const first = await fresh.call("count");
    return { livesOn: calls.ok && calls.value === sibling.calls, startsAfresh: first.ok && first.value === 1 };
  }

  /** Installs a component that nobody has installed before, and says whether it does what it should. */
  async nextInstall(isolation: Isolation): Promise<boolean> {
    this.#installs += 1;
    const bytes = await parse(`(component
      (core module $m (func (export "f") (result i32) (i32.const ${this.#installs}))) (core instance $i (instantiate $m))
      (func (export "number") (result u32) (canon lift (core func $i "f"))))`);
    const component = await this.#engine.prepare(bytes);
    await using instance = await component.launch({ isolation });
    const answer = await instance.call("number");
    return answer.ok && answer.value === this.#installs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { instance } of this.#siblings.values()) await instance[Symbol.asyncDispose]();
    await this.#engine[Symbol.asyncDispose]();
  }
}
