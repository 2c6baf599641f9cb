import type { WitFunction, WitInterface, WitType, WitTypeRef } from "./wit-type.ts";

/**
 * Exports that a guest's own runtime needs while it is built, and that are not its author's. QuickJS guests keep the function that
 * loaded their script; calling it again would replace the guest's code.
 */
const HIDDEN: ReadonlySet<string> = new Set([
  "init(shim: string, script: string, entry-path: option<string>, disable-gc: bool)",
]);

/** The exports without those of the toolchain. */
export function withoutToolchainExports(exports: readonly WitInterface[], types: readonly WitType[]): WitInterface[] {
  return exports
    .map((entry) => {
      if (entry.name !== "") return entry;
      return { ...entry, functions: entry.functions.filter((fn) => !HIDDEN.has(signature(fn, types))) };
    })
    .filter(({ name, functions }) => name !== "" || functions.length > 0);
}

function signature({ name, parameters }: WitFunction, types: readonly WitType[]): string {
  return `${name}(${parameters.map((parameter) => `${parameter.name}: ${typeName(parameter.type, types)}`).join(", ")})`;
}

function typeName(ref: WitTypeRef, types: readonly WitType[]): string {
  if (typeof ref === "string") return ref;
  const type = types[ref];
  return type?.kind === "option" && typeof type.some === "string" ? `option<${type.some}>` : (type?.kind ?? "");
}
