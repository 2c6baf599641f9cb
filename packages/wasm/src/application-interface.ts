import { hostCallSignal } from "@airssys/engine";
import { CapabilitySet, capabilitiesOf, type Manifest } from "@airssys/security";
import { InterfaceInvalidError } from "./errors.ts";
import type { HostFunction, HostInterface } from "./interfaces/host-interface.ts";

/** Who calls a function of the application. */
export interface Caller {
  /** `namespace/name` of the component. */
  readonly component: string;
  /** Fires when nobody waits for the answer any more: at the deadline of the call, and when the component ends. */
  readonly signal: AbortSignal;
}

/** A function that an application offers to components. */
export interface ApplicationFunction {
  /** What a component has to ask for in `[capabilities.custom]`, and be granted: a name such as `labels/print`. */
  readonly needs: string;
  /** Takes WIT values and returns one. What it throws that is no Error is the error of its `result`; an Error ends the instance. */
  readonly call: (caller: Caller, ...args: never[]) => unknown;
  /** Whether it returns a promise. A component that imports such a function gives way while it waits. */
  readonly waits?: boolean;
  /** What a component is told, as the error of the `result`, that may not call it any more. Without one its instance ends. */
  readonly denied?: unknown;
}

/** An interface of the application's own. */
export interface ApplicationInterface {
  /** As components import it, such as `acme:labels/printer@1.0.0`. */
  readonly name: string;
  /** By their names in WIT, such as `print-all`. */
  readonly functions: Readonly<Record<string, ApplicationFunction>>;
}

const INTERFACE_NAME = /^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*(?:@\d+\.\d+\.\d+\S*)?$/;
/** Those of others, who would be taken for them. */
const TAKEN = /^(?:airssys|wasi):/;

/**
 * The interface as the host offers it: decided on like all that a component does, when it is installed and each time it calls.
 * @throws InterfaceInvalidError
 */
export function fromApplication({ name, functions }: ApplicationInterface): HostInterface {
  if (!INTERFACE_NAME.test(name) || TAKEN.test(name)) throw new InterfaceInvalidError(name, "no name for an interface");
  const offered = Object.entries(functions);
  for (const [fn, { needs }] of offered) {
    if (new CapabilitySet().judge({ kind: "custom", name: needs }).type === "malformed")
      throw new InterfaceInvalidError(name, `${fn} needs ${JSON.stringify(needs)}, which can be granted to nobody`);
  }
  return {
    name,
    functions: offered.map(([fn]) => fn),
    waiting: offered.filter(([, { waits }]) => waits === true).map(([fn]) => fn),
    refusal: (manifest, imported) =>
      refusalOf(
        manifest,
        offered.filter(([fn]) => imported.includes(fn)),
      ),
    prepare: ({ access, address }) =>
      Object.fromEntries(
        offered.map(([fn, { needs, call, denied }]): [string, HostFunction] => [
          fn,
          (...args) => {
            if (!access.allows({ kind: "custom", name: needs })) {
              if (denied === undefined) throw new TypeError(`${address} may not call ${fn} of ${name} any more`);
              throw denied; // oxlint-disable-line typescript/only-throw-error -- the error case of a WIT result is a value
            }
            return call({ component: address, signal: hostCallSignal() }, ...args);
          },
        ]),
      ),
  };
}

function refusalOf(
  { capabilities }: Manifest,
  imported: readonly (readonly [string, ApplicationFunction])[],
): string | undefined {
  const asked = new CapabilitySet();
  for (const each of capabilitiesOf(capabilities)) if (each.kind === "custom") asked.grant(each);
  const missing = imported.filter(([, { needs }]) => !asked.matches({ kind: "custom", name: needs }));
  const names = [...new Set(missing.map(([, { needs }]) => needs))];
  return names.length === 0
    ? undefined
    : `Component.toml does not ask for ${names.join(", ")} in [capabilities.custom]`;
}
