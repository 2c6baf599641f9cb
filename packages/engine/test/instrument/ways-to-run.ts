import type { Clock } from "../../src/clock.ts";
import type { InstanceLimits } from "../../src/limits.ts";
import { wasm, type WasmGlobal, type WasmInstance } from "../../src/webassembly.ts";
import { confine, type ConfinedModule } from "./confined.ts";
import type { GeneratedHost } from "./generated-host.ts";
import { addNaiveMeter, SPENT_EXPORT } from "./naive-meter.ts";

/** A module that runs. */
export interface Running {
  readonly exports: WasmInstance["exports"];
  /** The fuel it took so far, or since it was last begun; none where nothing meters. */
  readonly spent?: () => number;
  readonly begin?: () => void;
  /** Whether a call was stopped, or is refused its answer, for want of fuel. */
  readonly ranOut?: () => boolean;
  /** The words of stack that it has not given back. */
  readonly stackInUse?: () => number;
}

export type WayToRun = (module: Uint8Array, host: GeneratedHost) => Running;

/** As it came. */
export const plainly: WayToRun = (module, { imports }) => new wasm.Instance(new wasm.Module(module), imports);

/** With a charge before every operator. */
export const naively: WayToRun = (module, { imports }) => {
  const { exports } = new wasm.Instance(new wasm.Module(addNaiveMeter(module)), imports);
  const total: WasmGlobal<bigint> = Reflect.get(Object(exports), SPENT_EXPORT);
  let before = 0n;
  const begin = (): void => {
    before = total.value;
  };
  return { exports, begin, spent: () => Number(total.value - before) };
};

/** As the engine does, with all the fuel it may have at once. */
export function within(limits: InstanceLimits): WayToRun {
  return (module, { imports }) => confined(confine(module, imports, { deadlineMs: undefined, ...limits }));
}

/** As the engine does when all takes long: what fuel was handed out is taken back whenever the host returns. */
export const interruptedly: WayToRun = (module, host) => {
  const made = confine(module, host.imports, { deadlineMs: 1e12 }, slowClock());
  host.onReturn = made.confinement.hostReturned;
  return confined(made);
};

function confined({ exports, confinement, stack }: ConfinedModule): Running {
  let before = stack.value;
  const begin = (): void => {
    before = stack.value;
    confinement.begin();
  };
  return {
    exports,
    begin,
    spent: () => confinement.usage.fuel,
    ranOut: () => confinement.overspending("it")?.code === "ENGINE_FUEL_EXHAUSTED",
    stackInUse: () => before - stack.value,
  };
}

/** A clock on which each look at it takes a millisecond. */
function slowClock(): Clock {
  let milliseconds = 0;
  const tick = (): number => (milliseconds += 1);
  return { now: tick, monotonic: () => BigInt(tick()) * 1_000_000n };
}
