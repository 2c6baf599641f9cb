import type { SourceFiles } from "./source-files.ts";

/** One source on its way to becoming a component. Paths are absolute. */
export interface Compilation {
  readonly source: string;
  /** Where `wit` was read, for messages. */
  readonly witDirectory: string;
  /** The WIT of `witDirectory` as one text. */
  readonly wit: string;
  readonly world: string;
  /** Compilers read through it, so that the stamp knows every file that mattered. */
  readonly files: SourceFiles;
}
