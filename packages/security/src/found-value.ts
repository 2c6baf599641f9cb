import { quoted } from "./manifest-problem.ts";
import type { Dress } from "./schema.ts";

/** A value as problems name it: what it is, and a short form of it that is safe to print. */
export function describeFound(value: unknown, dress: Dress): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string":
      return `a string ${quoted(value)}`;
    case "boolean":
      return `a boolean ${value}`;
    case "bigint":
      return BigInt.asIntN(64, value) === value ? `an integer ${value}` : "an integer of more than 64 bits";
    case "number":
      // TOML's integers come as bigint, so a whole number from there was written with a point.
      if (!Number.isInteger(value)) return `a float ${value}`;
      return dress === "toml" ? `a float ${value.toFixed(1)}` : `an integer ${value}`;
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return `an array of ${value.length}`;
      return value instanceof Date ? "a date" : "a table";
    case "function":
    case "symbol":
      return `a ${typeof value}`;
  }
}
