// What wit/ says that there is to be proved: each function of the core interfaces, and each way in which a call of it can differ.
import { readFileSync } from "node:fs";

const files = [
  "core-types/types.wit",
  "core-host/host.wit",
  "core-capabilities/capabilities.wit",
  "core-component/component-lifecycle.wit",
];

/** A type as written: a name, and what stands in its brackets. */
interface Written {
  readonly name: string;
  readonly of: readonly Written[];
}

export interface WitFunction {
  /** Such as `messaging.send`. */
  readonly name: string;
  /**
   * What a call can be given and can come to, one for each choice: `ok` and `err` for a result, `some` and `none` for an option,
   * `true` and `false` for a truth value, and each case of a variant or an enumeration, behind the name of the parameter or `returns`.
   * What may be in a list that is returned is not among them.
   */
  readonly cases: readonly string[];
  /** The variant of its error, when it returns a result. */
  readonly error: string | undefined;
}

interface Words {
  /** The fields of each record. */
  readonly records: ReadonlyMap<string, ReadonlyMap<string, Written>>;
  /** The cases of each variant and enumeration. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
}

const text = files
  .map((file) => readFileSync(new URL(`../../../../wit/deps/${file}`, import.meta.url), "utf8"))
  .join("\n")
  .replaceAll(/\/\/.*$/gm, "")
  .replaceAll("%", "");

/** The parts of a list that are not within brackets. */
function split(list: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of list) {
    if ("<({".includes(character)) depth += 1;
    if (">)}".includes(character)) depth -= 1;
    if (character === "," && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + character);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function written(type: string): Written {
  const { name = type, of = "" } = /^(?<name>[\w-]+)\s*<(?<of>.*)>$/s.exec(type)?.groups ?? {};
  return { name: name.trim(), of: split(of).map(written) };
}

function named(list: string): [string, Written][] {
  return split(list).map((part) => {
    const colon = part.indexOf(":");
    return [part.slice(0, colon).trim(), written(part.slice(colon + 1).trim())];
  });
}

function wordsOf(): Words {
  const records = new Map<string, ReadonlyMap<string, Written>>();
  const choices = new Map<string, readonly string[]>();
  for (const [, kind, name = "", body = ""] of text.matchAll(/\b(record|variant|enum) ([\w-]+) \{([^}]*)\}/g)) {
    if (kind === "record") records.set(name, new Map(named(body)));
    else
      choices.set(
        name,
        split(body).map((part) => part.replace(/\(.*/s, "")),
      );
  }
  return { records, choices };
}

const words = wordsOf();

/** The cases of a variant. */
export function casesOf(variant: string): readonly string[] {
  return words.choices.get(variant) ?? [];
}

function choicesIn(where: string, { name, of }: Written): string[] {
  const [first, second] = of;
  const inside = first === undefined ? [] : choicesIn(where, first);
  if (name === "list") return where.startsWith("returns") ? [] : inside;
  if (name === "tuple") return inside.concat(second === undefined ? [] : choicesIn(where, second));
  const fields = words.records.get(name) ?? new Map<string, Written>();
  return (builtIn.get(name) ?? casesOf(name))
    .map((choice) => `${where} ${choice}`)
    .concat(inside)
    .concat([...fields].flatMap(([field, type]) => choicesIn(`${where} ${field}`, type)));
}

const builtIn = new Map([
  ["result", ["ok", "err"]],
  ["option", ["some", "none"]],
  ["bool", ["true", "false"]],
]);

function functionsOf(): WitFunction[] {
  return [...text.matchAll(/\binterface ([\w-]+) \{(.*?)\n\}/gs)].flatMap(([, face = "", body = ""]) =>
    [...body.matchAll(/^ {2}([\w-]+): func\((.*?)\)(?: -> ([^;]+))?;/gms)].map(
      ([, name = "", given = "", result = ""]) => {
        const type = written(result.trim());
        const cases = [...named(given), ["returns", type] as const].flatMap(([where, of]) => choicesIn(where, of));
        const error = type.name === "result" ? type.of[1]?.name : undefined;
        return { name: `${face}.${name}`, cases: cases.length === 0 ? ["returns"] : cases, error };
      },
    ),
  );
}

/** How many functions wit/ has, however they are written: none is passed over. */
export const functionsWritten: number = text.split(/:\s*func\b/).length - 1;

/** Of all core interfaces, those that components export included, in the order written. */
export const witFunctions: readonly WitFunction[] = functionsOf();
