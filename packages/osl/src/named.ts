import type { Named } from "./operation.ts";

/** The pairs, as they come: whether each is one, and each name there once, is the check's to say. */
export function pairsOf(named: Named): readonly (readonly [name: string, value: string])[] {
  return isPairs(named) ? named : Object.entries(named);
}

export function copiedNamed(named: Named): Named {
  return isPairs(named) ? named.map((pair): readonly [string, string] => [pair?.[0], pair?.[1]]) : { ...named };
}

function isPairs(named: Named): named is Extract<Named, readonly unknown[]> {
  return Array.isArray(named);
}
