import type { GuestFunction } from "../export-table.ts";
import type { Settled, Waiting } from "../host-calls.ts";
import { EXHAUSTED_IMPORT, RESERVED_NAMESPACE } from "../instrument/provided-imports.ts";
import type { Meter } from "../meter.ts";
import type { FunctionImport } from "../preparation/function-imports.ts";
import type { Timers } from "../timers.ts";
import { wasm, type WasmGlobal, type WasmImports, type WasmModule } from "../webassembly.ts";
import { GUEST } from "./gate-module.ts";
import type { Gates, Ways } from "./gates.ts";
import { Arrived, resumable, type Steps } from "./steps.ts";

/** What generated code asks of the engine for a guest that can be suspended, besides what it always does. */
export interface SuspensionHooks {
  /** The function that enters the guest by one of its own, and returns a promise of what that returns. */
  readonly enterGuest: (core: GuestFunction) => GuestFunction;
  readonly guestLeft: () => void;
  /** Takes notice of a function of the host as core modules import it. */
  readonly hostImport: (lowered: GuestFunction) => GuestFunction;
  readonly resumable: (steps: Steps) => (...args: never[]) => unknown;
  readonly destroy: (destructor: (representation: number) => void, representation: number) => void;
}

/** What comes of suspensions. */
export interface SuspensionEvents {
  /** The guest waits for the host. */
  readonly began: () => void;
  /** What the host promised came to something that is the end of the instance. */
  readonly failed: (thrown: unknown) => void;
}

/** A guest that only ever waits for what is there already would keep the thread from everything else. */
const WAITS_PER_TURN = 64;

const I64 = 0x7e;

/**
 * Suspends one guest: while it waits for the host, and from time to time while it computes, so that the thread has turns for other
 * work. One call is under way at a time, so there is one thing it waits for.
 */
export class Suspension implements Waiting {
  readonly #meter: Meter;
  readonly #timers: Timers;
  readonly #gates: Gates;
  readonly #state: WasmGlobal<number> = new wasm.Global({ value: "i32", mutable: true }, GUEST.mayNotSuspend);
  readonly #hostImports = new WeakSet<object>();
  readonly #entries = new WeakMap<GuestFunction, GuestFunction>();
  #events: SuspensionEvents | undefined;
  #canWait = false;
  #waits = 0;
  #waitsFor: string | undefined;
  /** Has the guest go on, whatever it waits for. */
  #wake: (() => void) | undefined;

  constructor(meter: Meter, timers: Timers, gates: Gates) {
    this.#meter = meter;
    this.#timers = timers;
    this.#gates = gates;
  }

  /** Names who is to be told of suspensions. */
  report(events: SuspensionEvents): void {
    this.#events = events;
  }

  get canWait(): boolean {
    return this.#canWait;
  }

  /** The function of the host that the guest waits for. */
  get waitsFor(): string | undefined {
    return this.#waitsFor;
  }

  /** The imports of a core module, with a gate before all that can suspend. */
  provide(module: WasmModule, imports: WasmImports): WasmImports {
    return this.#gates.before(module, imports, this.#state, (entry, imported) => this.#waysTo(entry, imported));
  }

  readonly hooks: SuspensionHooks = {
    enterGuest: (core) => this.#entry(core),
    guestLeft: () => this.#left(),
    hostImport: (lowered) => {
      this.#hostImports.add(lowered);
      return lowered;
    },
    resumable,
    destroy: (destructor, representation) => this.#aside(() => destructor(representation)),
  };

  wait(promise: Promise<unknown>, name: string, { fulfilled, rejected }: Settled): Promise<Arrived> {
    this.#waitsFor = name;
    this.#meter.paused();
    this.#events?.began();
    return new Promise((resolve) => {
      const goOn = (settle: () => unknown): void => {
        if (!this.#isOver) {
          this.#waitsFor = undefined;
          this.#meter.waited();
        }
        try {
          resolve(new Arrived(settle()));
        } catch (thrown) {
          // When the instance is dead already, this changes nothing any more.
          this.#events?.failed(thrown);
        }
      };
      const arrive = (settle: () => unknown): void => {
        this.#waits += 1;
        if (this.#waits % WAITS_PER_TURN !== 0) goOn(settle);
        else this.#timers.nextTurn(() => goOn(settle));
      };
      promise.then(
        (value) => arrive(() => fulfilled(value)),
        (thrown: unknown) => arrive(() => rejected(thrown)),
      );
    });
  }

  /** The instance has ended: a guest that is suspended goes on to its trap, and leaves nothing behind. */
  end(): void {
    this.#state.value = GUEST.isOver;
    this.#wake?.();
    this.#wake = undefined;
  }

  get #isOver(): boolean {
    return this.#state.value === GUEST.isOver;
  }

  #waysTo({ module, name, type }: FunctionImport, imported: unknown): Ways | undefined {
    if (module === RESERVED_NAMESPACE && name === EXHAUSTED_IMPORT) {
      return { suspending: new wasm.Suspending(() => this.#exhausted()), plain: this.#meter.exhausted };
    }
    if (typeof imported !== "function" || !this.#hostImports.has(imported)) return undefined;
    const nothing = type.results[0] === I64 ? 0n : 0;
    return {
      suspending: new wasm.Suspending((...args) => {
        const result = this.#withWaiting(true, () => Reflect.apply(imported, undefined, args));
        return result instanceof Promise ? this.#interruptible(result, nothing) : result;
      }),
      plain: (...args: readonly unknown[]) => this.#withWaiting(false, () => Reflect.apply(imported, undefined, args)),
    };
  }

  /** Whether a call of the host that is made now can wait: not if a destructor makes it, for instance, though the guest was suspended well. */
  #withWaiting(canWait: boolean, run: () => unknown): unknown {
    const outer = this.#canWait;
    this.#canWait = canWait;
    try {
      return run();
    } finally {
      this.#canWait = outer;
    }
  }

  /** What the guest is suspended for; `nothing` when the instance ends before that is there. */
  #interruptible(promise: Promise<unknown>, nothing: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      const goOn = (value: unknown): void => {
        this.#wake = undefined;
        resolve(value);
      };
      this.#wake = () => resolve(nothing);
      // What cannot be handed to the guest is the end of the instance, and so of the suspension.
      promise.then(goOn, (thrown: unknown) => this.#events?.failed(thrown));
    });
  }

  /** The guest asks for fuel: it gets some, or not, and if it has run for a while, other work has its turn first. */
  #exhausted(): Promise<void> | undefined {
    this.#meter.exhausted();
    if (!this.#meter.isTurnDue) return undefined;
    this.#meter.paused();
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#timers.nextTurn(() => {
        if (this.#isOver) return;
        this.#wake = undefined;
        this.#meter.turned();
        resolve();
      });
    });
  }

  #entry(core: GuestFunction): GuestFunction {
    const known = this.#entries.get(core);
    if (known !== undefined) return known;
    const entry = this.#hostImports.has(core) ? this.#passedThrough(core) : this.#entered(core);
    this.#entries.set(core, entry);
    return entry;
  }

  #entered(core: GuestFunction): GuestFunction {
    const promising = wasm.promising(core);
    return (...args) => {
      this.#state.value = GUEST.maySuspend;
      try {
        return promising(...args);
      } finally {
        this.#left();
      }
    };
  }

  /** A component may export what it imports; no code of it is run then. */
  #passedThrough(lowered: GuestFunction): GuestFunction {
    return (...args) => this.#withWaiting(true, () => lowered(...args));
  }

  /** Runs code of the guest that cannot be suspended, as the host is in between. */
  #aside(run: () => void): void {
    const state = this.#state.value;
    if (state === GUEST.maySuspend) this.#state.value = GUEST.mayNotSuspend;
    try {
      run();
    } finally {
      if (!this.#isOver) this.#state.value = state;
    }
  }

  #left(): void {
    if (this.#state.value === GUEST.maySuspend) this.#state.value = GUEST.mayNotSuspend;
  }
}
