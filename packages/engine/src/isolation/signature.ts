import type { WitFunction, WitInterface, WitType, WitTypeRef } from "../wit/wit-type.ts";
import { qualifiedName } from "../wit/wit-name.ts";

/** What a function takes and gives back, its `result` taken apart: an error is thrown. */
export interface Signature {
  readonly parameters: readonly WitTypeRef[];
  readonly returned: WitTypeRef | null;
  /** Undefined when nothing may be thrown. */
  readonly thrown: WitTypeRef | null | undefined;
}

export function signatureOf(fn: WitFunction, types: readonly WitType[]): Signature {
  const parameters = fn.parameters.map(({ type }) => type);
  const result = typeof fn.result === "number" ? types[fn.result] : undefined;
  if (result?.kind === "result") return { parameters, returned: result.ok, thrown: result.error };
  return { parameters, returned: fn.result, thrown: undefined };
}

/** The functions of interfaces, by their full names. */
export function functionsByName(interfaces: readonly WitInterface[]): ReadonlyMap<string, WitFunction> {
  return new Map(
    interfaces.flatMap(({ name, functions }) => functions.map((fn) => [qualifiedName(name, fn.name), fn] as const)),
  );
}
