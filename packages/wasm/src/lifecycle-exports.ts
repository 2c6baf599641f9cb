import type { Answer, PreparedComponent } from "@airssys/engine";
import type { Manifest } from "@airssys/security";
import type { Later } from "./later.ts";

const lifecycle = "airssys:core-component/component-lifecycle@1.0.0";
const state = "airssys:core-component/component-state@1.0.0";

/** An exported function of one instance. What it throws has killed the instance, or kept it from being entered. */
export type GuestFunction = (args: readonly unknown[]) => Later<Answer>;

/** The exports that make a component an actor, bound to one instance. */
export interface LifecycleExports {
  readonly init: GuestFunction;
  readonly execute: GuestFunction;
  readonly handleMessage: GuestFunction;
  readonly handleCallback: GuestFunction;
  readonly metadata: GuestFunction;
  readonly health: GuestFunction;
  readonly shutdown: GuestFunction;
  /** Undefined for a component that keeps no state. */
  readonly snapshot: GuestFunction | undefined;
  readonly restore: GuestFunction | undefined;
}

/** Whether it handles messages itself, and the host need not answer in its place. */
export function takesMessages({ exports }: PreparedComponent): boolean {
  return exports.some(({ name }) => name === lifecycle);
}

/**
 * Binds them. For a component that knows nothing of `airssys:*` the host answers in its place: it starts, stops and is healthy
 * as long as it lives, is what its manifest says, and supports no message; its own exports can be called by name.
 */
export function lifecycleExports(
  exported: (name: string) => GuestFunction | undefined,
  { component }: Manifest,
): LifecycleExports {
  const { name, version, description } = component;
  const bind = (fn: string, standIn: Answer): GuestFunction => exported(`${lifecycle}#${fn}`) ?? (() => standIn);
  const nothing: Answer = { ok: true, value: undefined };
  const unsupported: Answer = { ok: false, error: { tag: "unsupported", val: "the component takes no messages" } };
  return {
    init: bind("init", nothing),
    execute: bind("execute", unsupported),
    handleMessage: bind("handle-message", unsupported),
    handleCallback: bind("handle-callback", nothing),
    metadata: bind("metadata", {
      ok: true,
      value: { name, version, description, operations: [], codecs: new Uint32Array() },
    }),
    health: bind("health", { ok: true, value: { tag: "healthy" } }),
    shutdown: bind("shutdown", nothing),
    snapshot: exported(`${state}#snapshot`),
    restore: exported(`${state}#restore`),
  };
}
