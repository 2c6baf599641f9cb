import { InvalidCursorError, InvalidOptionError } from "./errors.ts";
import { wholeNumber } from "./limits.ts";

export const DEFAULT_PAGE_SIZE = 100;
export const MAX_PAGE_SIZE = 1000;

export interface ListOptions {
  /** Only keys that begin with it; all, unless given. */
  readonly prefix?: string;
  /** Goes on after an earlier page of the same prefix. */
  readonly cursor?: string | undefined;
  /** At most so many, 1 to 1000; 100 unless given. */
  readonly limit?: number;
}

export interface Page {
  /** In the order of their bytes in UTF-8. */
  readonly keys: readonly string[];
  /** Leads to the next page; undefined when there is none. */
  readonly cursor: string | undefined;
}

/** What to look for: keys with the prefix that come after that one. */
export interface PageRequest {
  readonly prefix: string;
  readonly after: string | undefined;
  readonly limit: number;
}

/** @throws InvalidOptionError, InvalidCursorError */
export function pageRequestOf({ prefix = "", cursor, limit = DEFAULT_PAGE_SIZE }: ListOptions = {}): PageRequest {
  if (typeof prefix !== "string" || !prefix.isWellFormed()) {
    throw new InvalidOptionError("prefix", "a string without lone surrogates", prefix);
  }
  return {
    prefix,
    after: cursor === undefined ? undefined : keyIn(cursor, prefix),
    limit: wholeNumber("limit", limit, 1, MAX_PAGE_SIZE),
  };
}

/** The page for a request, from the keys found when one more was asked for than goes on it. */
export function pageOf(found: readonly string[], limit: number): Page {
  const keys = found.slice(0, limit);
  const last = keys.at(-1);
  return { keys, cursor: last === undefined || found.length <= limit ? undefined : cursorAfter(last) };
}

// A cursor is a place between two keys and not a number of keys, so that none is missed or listed twice when others come and go.
function cursorAfter(key: string): string {
  return Buffer.from(key).toString("base64url");
}

function keyIn(cursor: unknown, prefix: string): string {
  const key = typeof cursor === "string" ? Buffer.from(cursor, "base64url").toString() : "";
  // Decoding lets a lot pass. What is encoded to the same again is what a page had.
  if (key === "" || cursorAfter(key) !== cursor || !key.startsWith(prefix)) throw new InvalidCursorError(cursor);
  return key;
}
