import type { Ceilings } from "./ceilings.ts";
import type { TextPosition } from "./line-index.ts";
import { type FieldPath, formatPath, type ManifestProblem } from "./manifest-problem.ts";
import type { Dress } from "./schema.ts";
import type { TomlPositions } from "./toml-position.ts";

/** Which half of an assignment a problem points at. */
export type Side = "key" | "value";

export interface Finding {
  readonly expected: string;
  readonly found: string;
  readonly hint?: string | undefined;
}

/** One pass over a manifest: how it is dressed, where its parts stand, and what was found wrong so far. */
export class Reading {
  readonly dress: Dress;
  readonly ceilings: Ceilings;
  readonly #file: string;
  readonly #positions: TomlPositions | undefined;
  readonly #found: { readonly problem: ManifestProblem; readonly offset: number }[] = [];

  constructor(file: string, ceilings: Ceilings, positions?: TomlPositions) {
    this.dress = positions ? "toml" : "code";
    this.ceilings = ceilings;
    this.#file = file;
    this.#positions = positions;
  }

  /** Everything reported, in the order of the file. */
  get problems(): readonly ManifestProblem[] {
    return this.#found.toSorted((one, other) => one.offset - other.offset).map(({ problem }) => problem);
  }

  report(path: FieldPath, side: Side, { expected, found, hint }: Finding): void {
    const position = this.#locate(path, side);
    const problem: ManifestProblem = {
      file: this.#file,
      ...(position && { line: position.line, column: position.column }),
      field: formatPath(path),
      expected,
      found,
      ...(hint !== undefined && { hint }),
    };
    this.#found.push({ problem, offset: position?.offset ?? 0 });
  }

  /** Sorts by where each stands; objects do not keep that order for keys such as `10`. */
  inWrittenOrder<Item extends { readonly path: FieldPath }>(items: readonly Item[]): readonly Item[] {
    const positions = this.#positions;
    if (!positions) return items;
    return items
      .map((item) => ({ item, offset: positions.keyOf(item.path)?.offset ?? 0 }))
      .toSorted((one, other) => one.offset - other.offset)
      .map(({ item }) => item);
  }

  /** Where it stands, or where the nearest thing around it does. */
  #locate(path: FieldPath, side: Side): TextPosition | undefined {
    if (!this.#positions) return undefined;
    const own = side === "key" ? this.#positions.keyOf(path) : this.#positions.valueOf(path);
    return own ?? this.#locate(path.slice(0, -1), "key");
  }
}
