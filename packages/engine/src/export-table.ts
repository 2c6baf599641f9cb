import { type ValueCheck, ValueChecks } from "./wit/value-check.ts";
import { lowerCamelCase, parseFunctionName, qualifiedName, upperCamelCase } from "./wit/wit-name.ts";
import { returnsResult, type WitInterface, type WitType } from "./wit/wit-type.ts";

/** The exports of an instance as generated code returns them: interfaces by name, and the world's functions beside them. */
export type GeneratedExports = Readonly<Record<string, unknown>>;

export type GuestFunction = (...args: readonly unknown[]) => unknown;

/** An exported function, worked out once for all instances of a component. */
export interface ExportedFunction {
  /** As in `ns:pkg/iface@1.0.0#fn`. */
  readonly qualifiedName: string;
  readonly returnsResult: boolean;
  /** Says what is wrong with a call's arguments, or nothing. */
  readonly check: (args: readonly unknown[]) => string | undefined;
  readonly bind: (exports: GeneratedExports) => BoundFunction;
}

/** An exported function of one instance. */
export interface BoundFunction {
  readonly call: GuestFunction;
  /** Says what is wrong with the resource whose method is called, or nothing; only methods have it. */
  readonly checkSelf?: (self: unknown) => string | undefined;
}

/** The functions that a component exports, by their full names. */
export function exportTable(
  exports: readonly WitInterface[],
  types: readonly WitType[],
  checks: ValueChecks = new ValueChecks(types),
): ReadonlyMap<string, ExportedFunction> {
  const table = new Map<string, ExportedFunction>();
  for (const entry of exports) {
    for (const fn of entry.functions) {
      const name = qualifiedName(entry.name, fn.name);
      const parameters = fn.parameters.map((parameter) => ({
        name: parameter.name,
        check: checks.for(parameter.type),
      }));
      table.set(name, {
        qualifiedName: name,
        returnsResult: returnsResult(fn, types),
        check: argumentsCheck(parameters),
        bind: (generated) => bind(entry.name === "" ? generated : memberOf(generated, entry.name), fn.name),
      });
    }
  }
  return table;
}

function argumentsCheck(
  parameters: readonly { readonly name: string; readonly check: ValueCheck }[],
): ExportedFunction["check"] {
  return (args) => {
    if (args.length !== parameters.length) return `expected ${parameters.length} arguments, found ${args.length}`;
    for (let index = 0; index < parameters.length; index += 1) {
      const parameter = parameters[index];
      const problem = parameter?.check(args[index]);
      if (problem !== undefined) return `argument ${parameter?.name}: ${problem}`;
    }
    return undefined;
  };
}

function bind(container: unknown, witName: string): BoundFunction {
  const name = parseFunctionName(witName);
  switch (name.kind) {
    case "function":
      return { call: memberOf(container, lowerCamelCase(name.name)) };
    case "constructor": {
      const resource = memberOf(container, upperCamelCase(name.resource));
      return { call: (...args) => Reflect.construct(resource, args) };
    }
    case "static":
      return { call: memberOf(memberOf(container, upperCamelCase(name.resource)), lowerCamelCase(name.name)) };
    case "method": {
      const resource = memberOf(container, upperCamelCase(name.resource));
      const method = memberOf(Reflect.get(resource, "prototype"), lowerCamelCase(name.name));
      return {
        call: (self, ...args) => method.apply(self, args),
        checkSelf: (self) => (isLive(self, resource) ? undefined : `it is no live ${name.resource} of this instance`),
      };
    }
  }
}

/** What generated code put there. By the component's own exports it is a function, a class, or an object of both. */
function memberOf(container: unknown, name: string): GuestFunction {
  return Reflect.get(Object(container), name);
}

/** Whether generated code knows the object as a resource: it is of the instance's own class, and was not dropped. */
function isLive(self: unknown, resource: GuestFunction): boolean {
  if (!(self instanceof resource)) return false;
  const handle = Object.getOwnPropertySymbols(self).find(({ description }) => description === "handle");
  return handle !== undefined && Reflect.get(self, handle) !== undefined;
}
