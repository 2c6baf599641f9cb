// What this package reads manifests with, for other documents that are declared in the same two dresses: TOML with snake_case keys,
// and objects with camelCase ones.
import { resolveCeilings } from "./ceilings.ts";
import { Reading } from "./reading.ts";
import { TomlPositions } from "./toml-position.ts";

export { describeFound } from "./found-value.ts";
export { quoted, type FieldPath } from "./manifest-problem.ts";
export { nearestKey } from "./nearest-key.ts";
export { isTable, type PlainTable } from "./plain-table.ts";
export type { Finding, Reading, Side } from "./reading.ts";
export type { Dress } from "./schema.ts";
export { parseToml } from "./toml-text.ts";

/** Collects what is wrong with a document: with lines and columns for a text that `parseToml` takes, without for an object. */
export function readingOf(file: string, text?: string): Reading {
  return new Reading(file, resolveCeilings(), text === undefined ? undefined : new TomlPositions(text));
}
