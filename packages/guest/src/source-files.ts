import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { SourceNotFoundError } from "./errors.ts";

/** What was read, by absolute path: the digest of the content, or `null` for a file that was looked for and not there. */
export type Digests = Readonly<Record<string, string | null>>;

/** Reads files and remembers what it read, so that a later build can tell whether anything changed. */
export class SourceFiles {
  readonly #digests: Record<string, string | null> = {};

  get digests(): Digests {
    return this.#digests;
  }

  /** @throws {SourceNotFoundError} */
  read(path: string): string {
    try {
      return this.#read(path);
    } catch (cause) {
      throw new SourceNotFoundError(path, { cause });
    }
  }

  /** `undefined` when there is no such file; that, too, is remembered. */
  find(path: string): string | undefined {
    try {
      return this.#read(path);
    } catch (error) {
      if (!isMissing(error)) throw new SourceNotFoundError(path, { cause: error });
      this.#digests[path] = null;
      return undefined;
    }
  }

  #read(path: string): string {
    const content = readFileSync(path);
    this.#digests[path] = digest(content);
    return content.toString("utf8");
  }
}

/** Whether every file still has the content, or the absence, that was recorded. */
export function areUnchanged(digests: Digests): boolean {
  return Object.entries(digests).every(([path, expected]) => digestOf(path) === expected);
}

export function digest(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** `null` when the file cannot be read. */
export function digestOf(path: string): string | null {
  try {
    return digest(readFileSync(path));
  } catch {
    return null;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
