import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CacheError } from "../errors.ts";
import { type Artifact, decodeArtifact } from "./artifact.ts";
import { isSystemError, openCacheDirectory, OWNER_ONLY } from "./cache-directory.ts";
import { evicted, removeEntry, storedEntries } from "./cache-eviction.ts";
import { readToolVersion } from "./tool-version.ts";

const PREPARING = ".preparing-";
const DRAFT = ".draft";

/** Only the owner writes, whatever the process would allow. */
export const FILE_MODE = 0o644;

/** Far more than any preparation takes. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** The place of one component's artifact. */
export interface CacheEntry {
  /** A digest of all that decides the artifact; the artifact says it too. */
  readonly key: string;
  readonly file: string;
}

/**
 * A directory of artifacts, named after all that decides their content. Entries are complete or absent: each is written elsewhere
 * and renamed. Entries that are damaged, or not what their name says, count as absent. Any number of processes may share the directory.
 * It keeps what was used last: an entry says when that was by the time its file was changed.
 */
export class ArtifactCache {
  readonly directory: string;
  readonly #cacheBytes: number;
  /** How many callers are using each entry at this moment. */
  readonly #inUse = new Map<string, number>();
  #toolVersion: Promise<string> | undefined;

  constructor(directory: string, cacheBytes: number) {
    this.directory = resolve(directory);
    this.#cacheBytes = cacheBytes;
  }

  /** Runs `act` with the entry of the component of this digest, which is not evicted meanwhile. */
  async use<T>(componentDigest: string, act: (entry: CacheEntry) => Promise<T>): Promise<T> {
    const entry = await this.#entryFor(componentDigest);
    this.#inUse.set(entry.key, (this.#inUse.get(entry.key) ?? 0) + 1);
    try {
      return await act(entry);
    } finally {
      const others = (this.#inUse.get(entry.key) ?? 1) - 1;
      if (others === 0) this.#inUse.delete(entry.key);
      else this.#inUse.set(entry.key, others);
    }
  }

  /** The entry of the component of this digest. Throws CacheError when the directory cannot be trusted. */
  async #entryFor(componentDigest: string): Promise<CacheEntry> {
    this.#toolVersion ??= readToolVersion();
    const key = createHash("sha256")
      .update(`${componentDigest} ${await this.#toolVersion}`)
      .digest("hex");
    await openCacheDirectory(this.directory);
    return { key, file: join(this.directory, `${key}.artifact`) };
  }

  /** The artifact of an entry, or undefined when it is missing or damaged. It counts as used now. */
  async read({ key, file }: CacheEntry): Promise<Artifact | undefined> {
    const content = await readIfPresent(file);
    const artifact = content && decodeArtifact(key, content);
    if (artifact !== undefined) await markUsed(file);
    return artifact;
  }

  /**
   * Runs `write` with a fresh directory and moves the file it wrote there to its place. Returns what it wrote, read before others can
   * get at it; undefined, and no entry, when that is no artifact of this entry.
   */
  async fill({ key, file }: CacheEntry, write: (directory: string) => Promise<string>): Promise<Artifact | undefined> {
    const directory = join(this.directory, `${PREPARING}${randomUUID()}`);
    await mkdir(directory, { mode: OWNER_ONLY });
    try {
      await this.#removeAbandoned(directory);
      const written = await write(directory);
      const artifact = decodeArtifact(key, await readFile(written));
      if (artifact !== undefined) await rename(written, file);
      return artifact;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** Removes the least recently used entries until the others fit. A directory that refuses keeps them: that is no failure. */
  async evict(): Promise<void> {
    try {
      const entries = await storedEntries(this.directory);
      for (const entry of evicted(entries, this.#cacheBytes, (key) => this.#inUse.has(key))) {
        await removeEntry(this.directory, entry);
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }

  /** What went wrong, as an error of the engine when it was the file system. */
  typed(error: unknown): unknown {
    return isSystemError(error) ? new CacheError(this.directory, error.message, { cause: error }) : error;
  }

  /** Removes what processes left behind that were killed while they prepared. */
  async #removeAbandoned(fresh: string): Promise<void> {
    const { mtimeMs: now } = await stat(fresh);
    const names = (await readdir(this.directory)).filter((name) => name.startsWith(PREPARING) || name.endsWith(DRAFT));
    await Promise.all(
      names.map(async (name) => {
        const path = join(this.directory, name);
        const found = await stat(path).catch(() => undefined);
        if (found !== undefined && now - found.mtimeMs > ABANDONED_AFTER_MS)
          await rm(path, { recursive: true, force: true });
      }),
    );
  }
}

/** The content of a file, or undefined when there is none. */
async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Where the time of a file cannot be set, it is evicted in the order of writing. */
async function markUsed(file: string): Promise<void> {
  const now = new Date();
  try {
    await utimes(file, now, now);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** The content of a file that is only there to save time; undefined when it cannot be had. */
export async function readOptional(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/** Writes a file that is only there to save time, so that others see all of it or nothing. Where that is not possible, it is not there. */
export async function writeOptional(file: string, content: Uint8Array): Promise<void> {
  const draft = `${file}.${randomUUID()}${DRAFT}`;
  try {
    await writeFile(draft, content, { mode: FILE_MODE });
    await rename(draft, file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
