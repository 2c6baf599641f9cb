import type { GuestResources } from "./guest-resources.ts";
import { describe, type ValueCheck, ValueChecks } from "./wit/value-check.ts";
import { upperCamelCase } from "./wit/wit-name.ts";
import { partsOf, type WitHandle, type WitType, type WitTypeRef } from "./wit/wit-type.ts";

/** Says of each type whether its values may hold resources that the component itself defines. */
export function guestResourceHolders(types: readonly WitType[]): (ref: WitTypeRef | null) => boolean {
  const known = new Map<WitTypeRef, boolean>();
  const holds = (ref: WitTypeRef | null): boolean => {
    const type = typeof ref === "number" ? types[ref] : undefined;
    if (type === undefined || ref === null) return false;
    const answer =
      known.get(ref) ?? (type.kind === "handle" ? type.resource?.side === "export" : partsOf(type).some(holds));
    known.set(ref, answer);
    return answer;
  };
  return holds;
}

/** Checks for the arguments of one instance. */
export interface ResourceChecks {
  readonly checks: ValueChecks;
  /** Begins with the arguments of another call. */
  readonly renew: (args: readonly unknown[]) => readonly unknown[];
}

/**
 * Accepts only resources that stand for a live one of this instance, and each once when it is given away: generated code would have the
 * guest trap for any other.
 */
export function resourceChecks(
  types: readonly WitType[],
  exports: Readonly<Record<string, unknown>>,
  resources: GuestResources,
): ResourceChecks {
  const given = new Set<unknown>();
  const checkOf = ({ resource, isOwned }: WitHandle): ValueCheck => {
    if (resource?.side !== "export") return accepted;
    const type: unknown = Reflect.get(Object(exports[resource.interface]), upperCamelCase(resource.name));
    return (value) => {
      const isLive = typeof value === "object" && value !== null && resources.isLive(value);
      const isOfType = typeof type !== "function" || value instanceof type;
      if (!isLive || !isOfType) return `expected a live ${resource.name} of this instance, found ${describe(value)}`;
      if (given.has(value)) return `a ${resource.name} is given away and used in the same call`;
      if (isOwned) given.add(value);
      return undefined;
    };
  };
  return {
    checks: new ValueChecks(types, checkOf),
    renew: (args) => {
      given.clear();
      return args;
    },
  };
}

const accepted: ValueCheck = () => undefined;
