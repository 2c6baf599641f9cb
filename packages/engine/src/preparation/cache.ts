import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { join } from "node:path";
import { REWRITER_VERSION } from "../instrument/provided-imports.ts";
import { type Artifact, decodeArtifact } from "./artifact.ts";

/** Changes whenever an artifact is laid out differently. */
const ARTIFACT_VERSION = 2;

const PREPARING = ".preparing-";

/** What is in the cache is run: nobody else may write to it. */
const OWNER_ONLY = 0o700;

/** Far more than any preparation takes. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * A directory of artifacts, named after all that decides their content. Entries are complete or absent: each is written elsewhere
 * and renamed. Entries that are damaged count as absent. Any number of processes may share the directory.
 */
export class ArtifactCache {
  readonly directory: string;
  #toolVersion: Promise<string> | undefined;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** The file for the component of this digest. */
  async fileFor(componentDigest: string): Promise<string> {
    this.#toolVersion ??= readToolVersion();
    const key = `${componentDigest} ${await this.#toolVersion} ${REWRITER_VERSION} ${ARTIFACT_VERSION}`;
    return join(this.directory, `${createHash("sha256").update(key).digest("hex")}.artifact`);
  }

  /** The artifact in a file of this cache, or undefined when it is missing or damaged. */
  async read(file: string): Promise<Artifact | undefined> {
    const content = await readIfPresent(file);
    return content && decodeArtifact(content);
  }

  /** Runs `write` with a fresh directory and moves the file it wrote there to its place. */
  async fill(file: string, write: (directory: string) => Promise<string>): Promise<void> {
    const directory = join(this.directory, `${PREPARING}${randomUUID()}`);
    await mkdir(directory, { recursive: true, mode: OWNER_ONLY });
    try {
      await this.#removeAbandoned(directory);
      await rename(await write(directory), file);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** Removes what processes left behind that were killed while they prepared. */
  async #removeAbandoned(fresh: string): Promise<void> {
    const { mtimeMs: now } = await stat(fresh);
    const names = (await readdir(this.directory)).filter((name) => name.startsWith(PREPARING));
    await Promise.all(
      names.map(async (name) => {
        const directory = join(this.directory, name);
        const found = await stat(directory).catch(() => undefined);
        if (found !== undefined && now - found.mtimeMs > ABANDONED_AFTER_MS)
          await rm(directory, { recursive: true, force: true });
      }),
    );
  }
}

/** The content of a file, or undefined when there is none. */
export async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes a file so that others see all of it or nothing. */
export async function writeWhole(file: string, content: Uint8Array): Promise<void> {
  const draft = `${file}.${randomUUID()}.draft`;
  await writeFile(draft, content);
  await rename(draft, file);
}

async function readToolVersion(): Promise<string> {
  const file = findPackageJSON("@bytecodealliance/jco-transpile", import.meta.url);
  if (file === undefined) return "unknown";
  const { version }: { version: string } = JSON.parse(await readFile(file, "utf8"));
  return version;
}
