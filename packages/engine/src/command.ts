import type { CallUsage } from "./confinement.ts";
import { ExitError, UnknownExportError } from "./errors.ts";
import type { Instance } from "./instance.ts";
import type { InstantiateOptions, PreparedComponent } from "./prepared-component.ts";

/** How a command ended by itself, and what it used. */
export interface CommandResult {
  /** 0 is success. */
  readonly status: number;
  readonly usage: CallUsage;
}

const RUN = /^wasi:cli\/run@0\.2\.\d+$/;

/**
 * Runs a component as a program: makes an instance, calls its `wasi:cli/run`, of any 0.2 release, and disposes it. How it exits is an
 * answer here. Throws UnknownExportError for a component that is no command, and what instantiating and calling it throw otherwise.
 */
export function runCommand(component: PreparedComponent, options: InstantiateOptions = {}): CommandResult {
  const run = component.exports.find(({ name, functions }) => RUN.test(name) && functions.includes("run"));
  if (run === undefined) throw new UnknownExportError(component.digest, "wasi:cli/run@0.2.0#run");
  using instance = component.instantiate(options);
  const status = statusOf(instance, `${run.name}#run`);
  return { status, usage: instance.lastCall };
}

function statusOf(instance: Instance, name: string): number {
  try {
    return instance.call(name).ok ? 0 : 1;
  } catch (error) {
    if (error instanceof ExitError) return error.status;
    throw error;
  }
}
