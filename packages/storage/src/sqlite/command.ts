import { types } from "node:util";
import type { Tables } from "../backend.ts";
import type { Write } from "../batch.ts";
import type { SqliteFailure } from "./sqlite-failure.ts";

/** A call on the tables, as it travels between threads. */
export interface Command<M extends keyof Tables = keyof Tables> {
  readonly method: M;
  readonly args: Parameters<Tables[M]>;
}

/** What became of a command: its answer is for good. */
export type Outcome = { readonly answer: unknown } | { readonly failure: SqliteFailure };

/** What a command, and each of its writes and checks, weighs besides keys and values. */
const OVERHEAD_BYTES = 128;

/** Copying less than this to the other thread is quicker than handing it over. */
const HANDED_OVER_BYTES = 65_536;

/** About the bytes of memory that a command takes while it waits. */
export function weightOf(command: Command): number {
  if (!isCommit(command)) return OVERHEAD_BYTES;
  const [, { checks, writes }] = command.args;
  let bytes = OVERHEAD_BYTES;
  for (const { key } of checks) bytes += OVERHEAD_BYTES + key.length;
  for (const write of writes) bytes += OVERHEAD_BYTES + write.key.length + (valueOf(write)?.length ?? 0);
  return bytes;
}

/** The memory of values so large that it goes to the other thread and is not copied. Nobody else has it: values were copied before. */
export function handedOver(commands: readonly Command[]): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const command of commands) {
    if (!isCommit(command)) continue;
    for (const write of command.args[1].writes) {
      const buffer = valueOf(write)?.buffer;
      if (types.isArrayBuffer(buffer) && buffer.byteLength >= HANDED_OVER_BYTES) buffers.push(buffer);
    }
  }
  return buffers;
}

export function isCommit(command: Command): command is Command<"commit"> {
  return command.method === "commit";
}

function valueOf(write: Write): Uint8Array | undefined {
  return write.type === "set" ? write.value : undefined;
}
