import { lstat, mkdir } from "node:fs/promises";
import { CacheError } from "../errors.ts";

/** What is in the cache is run: nobody else may write to it. */
export const OWNER_ONLY = 0o700;

const WRITABLE_BY_OTHERS = 0o022;

/** Creates the directory where it is missing. Throws CacheError when anyone else could put code into it. */
export async function openCacheDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: OWNER_ONLY }).catch(ignoreExisting);
  const found = await lstat(directory);
  if (found.isSymbolicLink()) throw new CacheError(directory, "it is a symbolic link");
  if (!found.isDirectory()) throw new CacheError(directory, "it is not a directory");
  const user = process.geteuid?.();
  // Windows has access lists instead.
  if (user === undefined) return;
  if (found.uid !== user && found.uid !== 0) throw new CacheError(directory, `it belongs to user ${found.uid}`);
  if ((found.mode & WRITABLE_BY_OTHERS) !== 0) {
    throw new CacheError(directory, `others may write to it (mode ${(found.mode & 0o777).toString(8)})`);
  }
}

/** What is there instead of a directory is told by looking at it. */
function ignoreExisting(error: unknown): void {
  if (!isSystemError(error) || error.code !== "EEXIST") throw error;
}

/** Whether the operating system refused something. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
