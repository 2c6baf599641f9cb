/** One thing that is wrong with a manifest. */
export interface ManifestProblem {
  readonly file: string;
  /** From 1. Absent for a manifest given in code. */
  readonly line?: number;
  /** From 1, in UTF-16 code units as editors count them. Absent for a manifest given in code. */
  readonly column?: number;
  /** Path of the field, such as `resources.memory.max_bytes`; empty when the file as a whole is meant. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  readonly hint?: string;
}

/** One line for people: `Component.toml:8:13: resources.memory.max_bytes: expected …, found …`. */
export function formatProblem(problem: ManifestProblem): string {
  const { file, line, column, field, expected, found, hint } = problem;
  const place = line === undefined ? printable(file) : `${printable(file)}:${line}:${column ?? 1}`;
  const subject = field === "" ? "" : `${field}: `;
  return `${place}: ${subject}expected ${expected}, found ${found}${hint === undefined ? "" : ` (${hint})`}`;
}

/** Where a field is: keys and positions in lists, from the root. */
export type FieldPath = readonly (string | number)[];

const PROBLEMS_IN_MESSAGE = 20;

/** One to a line; of many, the first twenty and how many more there are. */
export function formatProblems(problems: readonly ManifestProblem[]): string {
  const lines = problems.slice(0, PROBLEMS_IN_MESSAGE).map((problem) => formatProblem(problem));
  if (problems.length > lines.length) lines.push(`and ${problems.length - lines.length} more`);
  return lines.join("\n");
}

/** The path as a manifest's author writes it; keys that TOML would quote are quoted. */
export function formatPath(path: FieldPath): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += (text === "" ? "" : ".") + formatKey(part);
  }
  return text;
}

export function formatKey(key: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(key) ? key : quoted(key);
}

const LONGEST_QUOTE = 60;

/** The text in quotes, shortened. */
export function quoted(text: string): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return printable(JSON.stringify(short));
}

/** Escapes what could move a terminal's cursor or reorder its text: controls, format characters, lone surrogates. */
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
