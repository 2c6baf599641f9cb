import { type Ceilings, resolveCeilings } from "./ceilings.ts";
import { MANIFEST_SCHEMA } from "./manifest-schema.ts";
import { type Field, HIGHEST_PORT, highest, keyIn, type RateField, type Table, type TextFormat } from "./schema.ts";

/** A JSON Schema, as far as manifests need one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * A JSON Schema (2020-12) of Component.toml for editors. Every manifest that `parseManifest` takes, it takes; it knows less of some
 * things, such as which of two numbers may be larger.
 */
export function manifestJsonSchema(ceilings: Partial<Ceilings> = {}): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Component.toml",
    ...schemaOfTable(MANIFEST_SCHEMA, resolveCeilings(ceilings)),
  };
}

function schemaOfTable(table: Table, ceilings: Ceilings): JsonSchema {
  const nodes = Object.entries(table.fields).map(([key, node]) => ({ name: keyIn("toml", key, node), key, node }));
  const required = nodes.filter(({ node }) => isRequired(node)).map(({ name }) => name);
  const together = nodes.filter(({ key }) => table.together?.includes(key)).map(({ name }) => name);
  return {
    type: "object",
    description: table.doc,
    properties: Object.fromEntries(
      nodes.map(({ name, node }) => [
        name,
        node.kind === "table" ? schemaOfTable(node, ceilings) : schemaOfField(node, ceilings),
      ]),
    ),
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    ...(together.length > 0 && {
      dependentRequired: Object.fromEntries(together.map((name) => [name, together.filter((other) => other !== name)])),
    }),
  };
}

/** A table is required when something in it is. */
function isRequired(node: Table | Field): boolean {
  return node.kind === "table" ? Object.values(node.fields).some(isRequired) : node.required === true;
}

function schemaOfField(field: Field, ceilings: Ceilings): JsonSchema {
  return { ...typeOf(field, ceilings), description: field.doc };
}

function typeOf(field: Field, ceilings: Ceilings): JsonSchema {
  switch (field.kind) {
    case "integer":
      return { type: "integer", minimum: field.min, maximum: highest(field, ceilings) };
    case "number":
      return { type: "number", minimum: field.min, maximum: field.max };
    case "rate":
      return { type: "string", pattern: ratePattern(field) };
    case "size":
      return { type: "string", pattern: `^${SIZE}$` };
    case "text":
      return textType(field.format);
    case "choice":
      return { enum: field.choices };
    case "ports":
      return { type: "array", items: { type: "integer", minimum: 1, maximum: HIGHEST_PORT } };
    case "list":
      return { type: "array", items: textType(field.items) };
    case "config":
      return { type: "object" };
  }
}

const SIZE = "[1-9]\\d{0,15}(?:GiB|GB|MiB|MB|KiB|KB|B)";

function ratePattern({ measure }: RateField): string {
  switch (measure) {
    case "count":
      return "^[1-9]\\d{0,9}/s$";
    case "bytes":
      return `^${SIZE}/s$`;
    case "milliseconds":
      return "^[1-9]\\d{0,9}ms/s$";
  }
}

function textType({ matches, maxLength }: TextFormat): JsonSchema {
  return { type: "string", maxLength, pattern: matches.source };
}
