import { resolveCeilings } from "./ceilings.ts";
import { MANIFEST_SCHEMA } from "./manifest-schema.ts";
import { printValue } from "./print-manifest.ts";
import { describeExpected, type Field, keyIn, type Table } from "./schema.ts";

const HEADINGS = ["Field", "Takes", "Default", "Meaning"];

/** Every field of a Component.toml as a Markdown table: what it takes, its default, what it means. */
export function manifestReference(): string {
  const rows = [HEADINGS, ...rowsOf(MANIFEST_SCHEMA, [])];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [heading = "", ...lines] = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [heading, rule, ...lines].join("\n");
}

function rowsOf(table: Table, path: readonly string[]): readonly (readonly string[])[] {
  return Object.entries(table.fields).flatMap(([key, node]) => {
    const at = [...path, keyIn("toml", key, node)];
    if (node.kind === "table") return rowsOf(node, at);
    return [[`\`${at.join(".")}\``, describeExpected(node, "toml", resolveCeilings()), defaultOf(node), node.doc]];
  });
}

function defaultOf(field: Field): string {
  if (field.required) return "required";
  return field.default === undefined ? "none" : `\`${printValue(field, field.default)}\``;
}
