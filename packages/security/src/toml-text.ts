import { parse, TomlError } from "smol-toml";
import { ManifestError } from "./errors.ts";
import { LineIndex } from "./line-index.ts";

const LARGEST_BYTES = 1_048_576;
const DEEPEST_VALUE = 64;

/**
 * What a TOML text says. Integers come as bigint: only so can 1 be told from 1.0. Throws {@link ManifestError} for what is no TOML,
 * and for what is larger or deeper than anybody writes.
 */
export function parseToml(text: string, file: string): unknown {
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_BYTES) {
    const expected = `at most ${LARGEST_BYTES} bytes`;
    throw new ManifestError([{ file, line: 1, column: 1, field: "", expected, found: `${bytes} bytes` }]);
  }
  const surrogate = text.search(/\p{Cs}/u);
  if (surrogate >= 0) {
    const { line, column } = new LineIndex(text).at(surrogate);
    throw new ManifestError([
      { file, line, column, field: "", expected: "Unicode text", found: "half a surrogate pair" },
    ]);
  }
  try {
    return parse(text, { integersAsBigInt: true, maxDepth: DEEPEST_VALUE });
  } catch (error) {
    const { line, column } = error instanceof TomlError ? error : { line: 1, column: 1 };
    throw new ManifestError([{ file, line, column, field: "", expected: "TOML", found: summarise(error) }], {
      cause: error,
    });
  }
}

/** The parser's own words, without the excerpt of the file below them. */
function summarise(error: unknown): string {
  const [first = ""] = String(error instanceof Error ? error.message : error).split("\n", 1);
  return first.replace("Invalid TOML document: ", "");
}
