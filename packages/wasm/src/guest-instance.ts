import type { CallUsage, InstantiateOptions, Isolation, PreparedComponent } from "@airssys/engine";
import type { Later } from "./later.ts";
import type { GuestFunction } from "./lifecycle-exports.ts";

/** What a guest runs in, whichever way its calls are made. */
export interface GuestInstance {
  readonly isAlive: boolean;
  /** What the last call took, or being made when there was none yet. */
  readonly lastCall: CallUsage;
  /** Of that, what is asked after every call: how long it ran, without what it waited for, and what its memories hold. */
  readonly ranMs: number;
  readonly memoryBytes: number;
  /** The export of that WIT name. */
  exported(name: string): GuestFunction | undefined;
  /** Ends it, with the call that is under way; to be waited for where it has a thread. It is dead at once. */
  end(): Later<void>;
}

/** One whose calls run to their end. Runs the start functions, and throws what they end in. */
export function instantiated(prepared: PreparedComponent, options: InstantiateOptions): GuestInstance {
  const instance = prepared.instantiate(options);
  return {
    get isAlive() {
      return instance.isAlive;
    },
    get lastCall() {
      return instance.lastCall;
    },
    get ranMs() {
      return instance.ranMs;
    },
    get memoryBytes() {
      return instance.memoryBytes;
    },
    exported: (name) => instance.exported(name),
    end: () => instance[Symbol.dispose](),
  };
}

/** One whose calls may wait. Runs the start functions, which may not, and rejects with what they end in. */
export async function launched(
  prepared: PreparedComponent,
  isolation: Isolation,
  options: InstantiateOptions,
): Promise<GuestInstance> {
  const instance = await prepared.launch({ ...options, isolation });
  const names = exportNames(prepared);
  return {
    get isAlive() {
      return instance.isAlive;
    },
    get lastCall() {
      return instance.lastCall;
    },
    get ranMs() {
      const { wallMs, idleMs } = instance.lastCall;
      return Math.max(wallMs - idleMs, 0);
    },
    get memoryBytes() {
      return instance.lastCall.peakMemoryBytes;
    },
    exported: (name) => (names.has(name) ? (args) => instance.call(name, args) : undefined),
    end: async () => instance[Symbol.asyncDispose](),
  };
}

function exportNames({ exports }: PreparedComponent): ReadonlySet<string> {
  return new Set(exports.flatMap(({ name, functions }) => functions.map((fn) => (name === "" ? fn : `${name}#${fn}`))));
}
