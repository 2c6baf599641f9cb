import type { CallUsage, Confinement } from "./confinement.ts";
import { EngineError, InstanceDeadError, ReentrantCallError } from "./errors.ts";
import { GuestResources } from "./guest-resources.ts";
import type { HostCalls } from "./host-calls.ts";
import { type HostResources, rethrow } from "./host-resources.ts";
import { isStackOverflow, trapError } from "./trap.ts";
import type { ValueBudget } from "./value-budget.ts";
import { wasm } from "./webassembly.ts";

/** What one instance has, besides its code. */
export interface LifeParts {
  readonly calls: HostCalls;
  readonly confinement: Confinement;
  readonly values: ValueBudget;
  readonly hostResources: HostResources;
}

/** How a destructor is called in an error. */
const DESTRUCTOR = "the destructor of a resource";

/**
 * The life of one instance: it is entered once at a time, and the first thing that goes wrong is its end. Then all that it held is let
 * go of, once.
 */
export class InstanceLife {
  readonly calls: HostCalls;
  readonly confinement: Confinement;
  readonly values: ValueBudget;
  readonly hostResources: HostResources;
  readonly guestResources: GuestResources;
  readonly #endings: ((reason: EngineError) => void)[] = [];
  #isOver = false;
  #failure: EngineError | undefined;
  #running: string | undefined;

  constructor({ calls, confinement, values, hostResources }: LifeParts) {
    this.calls = calls;
    this.confinement = confinement;
    this.values = values;
    this.hostResources = hostResources;
    this.guestResources = new GuestResources((drop) => confinement.aside(() => this.#drop(drop)));
  }

  get isAlive(): boolean {
    return !this.#isOver;
  }

  get usage(): CallUsage {
    return this.confinement.usage;
  }

  /** Has `act` run when the instance ends, with what its callers are to be told. */
  whenOver(act: (reason: EngineError) => void): void {
    this.#endings.push(act);
  }

  /** Throws InstanceDeadError or ReentrantCallError when the guest cannot be entered now. */
  admit(name: string): void {
    if (this.#isOver) throw this.deadError(name);
    if (this.#running !== undefined) throw new ReentrantCallError(name, this.#running);
  }

  /** The guest is about to be entered, by that name. */
  begin(name: string): void {
    this.#running = name;
    this.calls.signal.renew();
    this.guestResources.hold();
    this.values.renew();
    this.confinement.begin();
  }

  /** The guest was left, one way or the other. */
  end(): void {
    if (this.#running === undefined) return;
    this.confinement.end();
    this.#running = undefined;
    this.hostResources.takeBack();
  }

  /** What came out of the guest, and is no WIT error, is the end of the instance. Returns what is behind it. */
  failed(name: string, thrown: unknown): EngineError {
    return this.kill(failureOf(name, thrown, this.calls, this.confinement));
  }

  /** A call has come to its end. When that was for nothing, it is the end of the instance: returns what is behind it. */
  answered(name: string): EngineError | undefined {
    const { failure = this.confinement.overspending(name), trap } = this.calls;
    if (failure !== undefined) return this.kill(failure);
    if (trap !== undefined) return this.failed(name, trap);
    this.guestResources.release();
    return undefined;
  }

  /** Ends the instance. Returns its first failure: this one, unless it has ended before. */
  kill(failure: EngineError): EngineError {
    if (this.#isOver) return this.#failure ?? failure;
    this.#failure = failure;
    this.#over(failure);
    return failure;
  }

  /** Ends the instance without a failure. Throws HostFunctionError when a resource of the host failed to be disposed of; all others were. */
  dispose(): void {
    if (this.#isOver) return;
    const reason = this.deadError(this.#running);
    this.#over(reason);
    rethrow(reason.suppressed);
  }

  #over(reason: EngineError): void {
    this.#isOver = true;
    // A guest that is under way gets neither fuel nor anything else from now on.
    this.calls.fail(reason);
    this.confinement.cut();
    this.calls.signal.fire(reason);
    this.guestResources.end();
    for (const act of this.#endings) act(reason);
    this.confinement.memory.release();
    const { stranded } = this.calls;
    this.calls.forget();
    reason.suppressed.push(...this.hostResources.disposeAll(this.calls.dispose, stranded));
  }

  /** Has the guest drop one of its resources, as a call of its own. */
  #drop(drop: () => void): EngineError | undefined {
    this.begin(DESTRUCTOR);
    try {
      drop();
    } catch (thrown) {
      return this.failed(DESTRUCTOR, thrown);
    } finally {
      this.end();
    }
    return this.answered(DESTRUCTOR);
  }

  /** Why a function of a dead instance cannot be called. */
  deadError(name = "a function"): InstanceDeadError {
    if (this.#failure === undefined) return new InstanceDeadError(name, "was disposed");
    return new InstanceDeadError(name, `died: ${this.#failure.message}`, { cause: this.#failure });
  }
}

/** Whether what came out of a function whose type is a `result` is its WIT error. */
export function isWitError(thrown: unknown): boolean {
  return !(thrown instanceof Error) && !(thrown instanceof wasm.Exception);
}

/** What killed an instance, from what came out of it. */
function failureOf(name: string, last: unknown, calls: HostCalls, confinement: Confinement): EngineError {
  if (calls.failure !== undefined) return calls.failure;
  // What the guest made of its end is not what brought it about.
  const thrown = calls.trap ?? last;
  if (thrown instanceof EngineError) return thrown;
  const isFromGuest = thrown instanceof wasm.RuntimeError || !(thrown instanceof Error) || isStackOverflow(thrown);
  const blamed = isFromGuest ? undefined : calls.blameLastResult(thrown);
  if (blamed !== undefined) return blamed;
  const trap = trapError(name, thrown);
  return confinement.limitBehind(name, trap) ?? trap;
}
