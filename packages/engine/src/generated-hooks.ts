import type { GeneratedExports } from "./export-table.ts";
import type { GuestResourceTable } from "./guest-resources.ts";
import type { HostResourceTable } from "./host-resources.ts";
import type { InstanceHandles } from "./instance-handles.ts";
import type { InstanceLife } from "./instance-life.ts";
import type { Suspension, SuspensionHooks } from "./suspension/suspension.ts";
import type { ValueBudget } from "./value-budget.ts";
import type { WasmImports, WasmInstance, WasmModule } from "./webassembly.ts";

/** The function that jco generates for a component, after the changes of `generated-code.ts`. */
export type GeneratedInstantiate = (
  getCoreModule: (fileName: string) => WasmModule | undefined,
  imports: WasmImports,
  instantiateCore: (module: WasmModule, imports?: WasmImports) => WasmInstance,
  hooks: GeneratedHooks,
) => GeneratedExports;

/** What generated code asks the engine to do for it. */
export interface GeneratedHooks {
  /** Calls a function of the host; `name` is that of what is imported. */
  readonly hostCall: (name: string, operation: () => unknown) => unknown;
  /** What to throw into the guest in place of what an import threw: where a function of the host, or a handle, was to be taken. */
  readonly importThrew: (thrown: unknown) => unknown;
  /** A value of the guest is about to be made, this large. */
  readonly passingOut: Pick<ValueBudget, "text" | "numbers" | "list">;
  /** A table of handles is about to grow by one. */
  readonly handleAdded: () => void;
  /** Makes a table for one type of the host's resources. */
  readonly hostResources: () => HostResourceTable;
  /** Makes a table for one type of the guest's own resources, which drops the resource of a handle by `drop`. */
  readonly guestResources: (drop: (handle: number) => void) => GuestResourceTable;
  /** Holds the methods of a class that stands for a type of the guest's resources. */
  readonly methodsOf: (resourceClass: object) => object;
  /** Makes the `[Symbol.dispose]` of an object that stands for a resource of the guest. */
  readonly disposal: (dispose: () => void) => () => void;
  /** Runs the guest's own destructor for a resource. */
  readonly destroy: (destructor: (representation: number) => void, representation: number) => void;
}

/** The hooks of one instance, with those of its suspension if it has one. */
export function generatedHooks(
  life: InstanceLife,
  handles: InstanceHandles,
  suspension: Suspension | undefined,
): GeneratedHooks & Partial<SuspensionHooks> {
  const { calls, values, hostResources, guestResources } = life;
  return {
    hostCall: (name, operation) => {
      // Its arguments have been made.
      values.renew();
      return calls.call(name, operation);
    },
    importThrew: calls.importThrew,
    passingOut: values,
    handleAdded: handles.added,
    hostResources: hostResources.table,
    guestResources: guestResources.table,
    methodsOf: guestResources.methodsOf,
    disposal: guestResources.disposal,
    destroy: (destructor, representation) => destructor(representation),
    ...suspension?.hooks,
  };
}
