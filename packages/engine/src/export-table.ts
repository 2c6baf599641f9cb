import { guestResourceHolders, resourceChecks } from "./guest-resource-checks.ts";
import type { GuestResources } from "./guest-resources.ts";
import { type ValueCheck, ValueChecks } from "./wit/value-check.ts";
import { lowerCamelCase, parseFunctionName, qualifiedName, upperCamelCase } from "./wit/wit-name.ts";
import { returnsResult, type WitFunction, type WitInterface, type WitType } from "./wit/wit-type.ts";

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
  readonly bind: (exports: GeneratedExports, resources: GuestResources) => BoundFunction;
}

/** An exported function of one instance. */
export interface BoundFunction {
  readonly call: GuestFunction;
  /** Says what is wrong with the guest's resources among a call's arguments, or nothing; only functions that take some have it. */
  readonly checkResources?: (args: readonly unknown[]) => string | undefined;
}

/** The functions that a component exports, by their full names. */
export function exportTable(
  exports: readonly WitInterface[],
  types: readonly WitType[],
  checks: ValueChecks = new ValueChecks(types),
): ReadonlyMap<string, ExportedFunction> {
  const table = new Map<string, ExportedFunction>();
  const holdsGuestResources = guestResourceHolders(types);
  for (const entry of exports) {
    for (const fn of entry.functions) {
      const name = qualifiedName(entry.name, fn.name);
      const takesResources = fn.parameters.some(({ type }) => holdsGuestResources(type));
      table.set(name, {
        qualifiedName: name,
        returnsResult: returnsResult(fn, types),
        check: argumentsCheck(fn, checks),
        bind: (generated, resources) => {
          const bound = bind(entry.name === "" ? generated : memberOf(generated, entry.name), fn.name, resources);
          if (!takesResources) return bound;
          const { renew, checks: live } = resourceChecks(types, generated, resources);
          const check = argumentsCheck(fn, live);
          return { ...bound, checkResources: (args) => bound.checkResources?.(args) ?? check(renew(args)) };
        },
      });
    }
  }
  return table;
}

function argumentsCheck(fn: WitFunction, checks: ValueChecks): ExportedFunction["check"] {
  const parameters: readonly { readonly name: string; readonly check: ValueCheck }[] = fn.parameters.map(
    ({ name, type }) => ({ name, check: checks.for(type) }),
  );
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

function bind(container: unknown, witName: string, resources: GuestResources): BoundFunction {
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
      const method = memberOf(resources.methodsOf(resource), lowerCamelCase(name.name));
      const isRight = (self: unknown): boolean => self instanceof resource && resources.isLive(self);
      return {
        call: (self, ...args) => method.apply(self, args),
        checkResources: ([self]) => (isRight(self) ? undefined : `it is no live ${name.resource} of this instance`),
      };
    }
  }
}

/** What generated code put there. By the component's own exports it is a function, a class, or an object of both. */
function memberOf(container: unknown, name: string): GuestFunction {
  return Reflect.get(Object(container), name);
}
