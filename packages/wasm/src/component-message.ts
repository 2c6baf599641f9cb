import type { Request } from "@airssys/rt";
import type { ComponentMetadata } from "./generated/airssys-core-component-component-lifecycle.ts";
import type { HealthStatus } from "./generated/airssys-core-types-types.ts";

/**
 * What the mailbox of a ComponentActor takes: a payload for `handle-message`, whose answer is the reply if one is asked for,
 * or one of the requests made below. A payload's bytes belong to the receiver once sent.
 */
export type ComponentMessage =
  | (Uint8Array & Request<Uint8Array | undefined>)
  | (Call & Request<unknown>)
  | (Execute & Request<Uint8Array>)
  | (DescribeSelf & Request<ComponentMetadata>)
  | (CheckHealth & Request<HealthStatus>);

/** Calls an export by its WIT name, whatever interface it is of. */
export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface Execute {
  readonly kind: "execute";
  readonly operation: Uint8Array;
}

export interface DescribeSelf {
  readonly kind: "describe-self";
}

export interface CheckHealth {
  readonly kind: "check-health";
}

/**
 * Calls any export: `ref.ask(call("demo:math/ops#add", 1, 2))`, or by its bare name an export of the world itself. Values are
 * as jco maps WIT to JavaScript: records are objects with camelCase fields, u64 and s64 are bigints, `list<u8>` is Uint8Array.
 * The ask rejects with `ComponentRefusedError` for the error of a `result`, and with `UnknownExportError`.
 */
export function call(name: string, ...args: readonly unknown[]): Call & Request<unknown> {
  return { kind: "call", name, args };
}

/** Runs `execute`; the reply is its answer in the component's own encoding. */
export function execute(operation: Uint8Array): Execute & Request<Uint8Array> {
  return { kind: "execute", operation };
}

/** Asks for `metadata`. */
export function describeSelf(): DescribeSelf & Request<ComponentMetadata> {
  return { kind: "describe-self" };
}

/** Asks for `health`. */
export function checkHealth(): CheckHealth & Request<HealthStatus> {
  return { kind: "check-health" };
}
