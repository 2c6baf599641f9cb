import {
  defineManifest,
  parseManifest,
  type Manifest,
  type ManifestInput,
  type ManifestOptions,
} from "@airssys/security";
import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ArtifactUnreadableError } from "./errors.ts";

/** Where a component comes from: the file of its manifest, or the manifest and the bytes in code. */
export type ComponentSource = string | URL | { readonly manifest: ManifestInput; readonly artifact: Uint8Array };

/** What may be asked for, and how much is read. */
export interface SourceLimits {
  readonly ceilings: ManifestOptions["ceilings"];
  readonly maxArtifactBytes: number;
}

/** As large as the parser takes. */
const maxManifestBytes = 2 ** 20;

export interface LoadedSource {
  readonly manifest: Manifest;
  readonly artifact: Uint8Array;
}

/**
 * The manifest and the code it names. Throws `ManifestError` for what is wrong in the manifest, `ArtifactUnreadableError` for a
 * file that cannot be read or that a link leads outside the manifest's folder.
 */
export async function loadSource(
  source: ComponentSource,
  { ceilings, maxArtifactBytes }: SourceLimits,
): Promise<LoadedSource> {
  const limits = ceilings === undefined ? {} : { ceilings };
  if (typeof source === "object" && "manifest" in source) {
    return { manifest: defineManifest(source.manifest, limits), artifact: source.artifact };
  }
  const file = source instanceof URL ? fileURLToPath(source) : source;
  const text = (await readRegularFile(file, maxManifestBytes)).toString("utf8");
  const manifest = parseManifest(text, { file, ...limits });
  return { manifest, artifact: await readArtifact(file, manifest.component.artifact, maxArtifactBytes) };
}

async function readArtifact(manifestFile: string, artifact: string, maxBytes: number): Promise<Uint8Array> {
  const folder = dirname(manifestFile);
  const file = join(folder, artifact);
  const [realFolder, realFile] = await Promise.all([attempt(folder, realpath(folder)), attempt(file, realpath(file))]);
  const inside = relative(realFolder, realFile);
  if (inside === ".." || inside.startsWith(`..${sep}`)) {
    throw new ArtifactUnreadableError(file, "is a link that leads outside the manifest's folder");
  }
  return readRegularFile(realFile, maxBytes);
}

/** Of a regular file only: reading a pipe or a device may never end. What is too large is refused unread. */
export async function readRegularFile(file: string, maxBytes: number): Promise<Buffer> {
  const stats = await attempt(file, stat(file));
  if (!stats.isFile()) throw new ArtifactUnreadableError(file, "is not a file");
  if (stats.size > maxBytes) throw new ArtifactUnreadableError(file, `has ${stats.size} bytes, more than ${maxBytes}`);
  return attempt(file, readFile(file));
}

async function attempt<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): ArtifactUnreadableError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
  return new ArtifactUnreadableError(file, `cannot be read (${code})`, { cause });
}
