import type { CallUsage } from "../confinement.ts";
import type { Answer } from "../instance.ts";
import type { InstanceLimits } from "../limits.ts";
import type { ComponentCopy } from "./component-copy.ts";
import type { PackedError } from "./error-passage.ts";
import type { CarriedWasi, WasiFunction } from "./wasi-passage.ts";

/*
 * All that is said between the host's thread and that of an instance. The host asks for one thing at a time; before its outcome the
 * instance may call the host, one call at a time, and stands still until the reply.
 */

/** What the host provides of an imported interface, by WIT names. */
export interface HostedInterface {
  readonly name: string;
  readonly functions: readonly string[];
  readonly resources: readonly string[];
}

export interface LaunchRequest {
  readonly kind: "launch";
  readonly component: ComponentCopy;
  readonly limits: Required<InstanceLimits>;
  readonly hosted: readonly HostedInterface[];
  readonly wasi: CarriedWasi;
  /** Whether time is measured by a clock of the host instead of the machine's. */
  readonly hasHostClock: boolean;
  /** The most that may leave the thread at once. */
  readonly messageBytes: number;
}

export interface CallRequest {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The host has dropped a resource of the guest. */
export interface DropRequest {
  readonly kind: "drop";
  readonly resource: number;
}

export type Request = LaunchRequest | CallRequest | DropRequest;

/** What ends a request. */
export type Outcome =
  | { readonly kind: "launched" | "dropped"; readonly usage: CallUsage }
  | { readonly kind: "answered"; readonly answer: Answer; readonly usage: CallUsage }
  /** Nothing was done. */
  | { readonly kind: "refused"; readonly error: PackedError }
  /** The instance is dead, and the thread of no more use. */
  | { readonly kind: "died"; readonly error: PackedError; readonly usage: CallUsage };

/** A function of the engine's clock, where the host gave it one. */
export type ClockFunction = "now" | "monotonic";

export type HostCall = (
  | { readonly kind: "host-function"; readonly function: string; readonly args: readonly unknown[] }
  | { readonly kind: "wasi-function"; readonly function: WasiFunction; readonly args: readonly unknown[] }
  | { readonly kind: "clock-function"; readonly function: ClockFunction }
  | { readonly kind: "host-resource-dropped"; readonly name: string; readonly resource: number }
) & {
  /** What the guest used so far: all that is known if it never says more. */
  readonly usage: CallUsage;
};

/** What the host replies to a call: a value, or the WIT error that the function threw. When it fails, the thread is ended instead. */
export interface Reply {
  readonly kind: "returned" | "threw";
  readonly value: unknown;
}

export type ToThread = Request | Reply;

export type FromThread =
  | { readonly kind: "ready" }
  /** Only after a launch: everything is loaded, and the guest's own code begins. */
  | { readonly kind: "entering" }
  | Outcome
  | HostCall;

/** What a thread is started with. */
export interface ThreadData {
  /** Counts replies; the thread sleeps on it. */
  readonly replies: SharedArrayBuffer;
}
