import { printSize } from "./byte-size.ts";
import type { Manifest } from "./manifest.ts";
import { MANIFEST_SCHEMA } from "./manifest-schema.ts";
import { type Field, keyIn, printRate, type Table } from "./schema.ts";

/** A Component.toml that parses to the same manifest. What is at its default is left out. */
export function printManifest(manifest: Manifest): string {
  return printSections(MANIFEST_SCHEMA, manifest, []).join("\n");
}

/** The value of a field as TOML writes it. */
export function printValue(field: Field, value: unknown): string {
  switch (field.kind) {
    case "integer":
    case "number":
      return String(value);
    case "rate":
      return `"${printRate(field, Number(value))}"`;
    case "size":
      return `"${printSize(Number(value))}"`;
    case "text":
    case "choice":
      return printString(String(value));
    case "ports":
      return `[${pairsOf(value)
        .map(([, port]) => String(port))
        .join(", ")}]`;
    case "list":
      return `[${pairsOf(value)
        .map(([, item]) => printString(String(item)))
        .join(", ")}]`;
    case "config":
      return `{${pairsOf(value)
        .map(([, entry]) => ` ${printEntry(entry)}`)
        .join(",")}}`;
  }
}

function printSections(table: Table, values: unknown, path: readonly string[]): readonly string[] {
  const given = new Map(pairsOf(values));
  const lines: string[] = [];
  const below: string[] = [];
  for (const [key, node] of Object.entries(table.fields)) {
    const value = given.get(key);
    const name = keyIn("toml", key, node);
    if (value === undefined) continue;
    if (node.kind === "table") {
      below.push(...printSections(node, value, [...path, name]));
    } else if (node.kind === "config") {
      below.push(
        ...printSection(
          [...path, name],
          pairsOf(value).map(([, entry]) => printEntry(entry)),
        ),
      );
    } else if (
      node.required ||
      node.default === undefined ||
      printValue(node, value) !== printValue(node, node.default)
    ) {
      lines.push(`${name} = ${printValue(node, value)}`);
    }
  }
  return [...printSection(path, lines), ...below];
}

function printSection(path: readonly string[], lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`[${path.join(".")}]\n${lines.join("\n")}\n`];
}

/** Each key is written whole: `"a.b"`, not `a.b`, which could not stand beside a key `a`. */
function printEntry(entry: unknown): string {
  const [key = "", value = ""] = pairsOf(entry).map(([, part]) => String(part));
  return `${/^[A-Za-z0-9_-]+$/.test(key) ? key : printString(key)} = ${printString(value)}`;
}

/** JSON's escapes are TOML's; TOML asks for one more. */
function printString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007F", String.raw`\u007F`);
}

function pairsOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
