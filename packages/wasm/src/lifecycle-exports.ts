import type { Answer, ExportHandle, Instance } from "@airssys/engine";
import type { Manifest } from "@airssys/security";

const lifecycle = "airssys:core-component/component-lifecycle@1.0.0";

/** The exports that make a component an actor, bound to one instance. */
export interface LifecycleExports {
  readonly init: ExportHandle;
  readonly execute: ExportHandle;
  readonly handleMessage: ExportHandle;
  readonly handleCallback: ExportHandle;
  readonly metadata: ExportHandle;
  readonly health: ExportHandle;
  readonly shutdown: ExportHandle;
}

/**
 * Binds them. For a component that knows nothing of `airssys:*` the host answers in its place: it starts, stops and is healthy
 * as long as it lives, is what its manifest says, and supports no message; its own exports can be called by name.
 */
export function lifecycleExports(instance: Instance, { component }: Manifest): LifecycleExports {
  const { name, version, description } = component;
  const bind = (fn: string, standIn: Answer): ExportHandle =>
    instance.exported(`${lifecycle}#${fn}`) ?? (() => standIn);
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
  };
}
