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
  ceilings: ManifestOptions["ceilings"],
): Promise<LoadedSource> {
  const limits = ceilings === undefined ? {} : { ceilings };
  if (typeof source === "object" && "manifest" in source) {
    return { manifest: defineManifest(source.manifest, limits), artifact: source.artifact };
  }
  const file = source instanceof URL ? fileURLToPath(source) : source;
  const text = (await read(file)).toString("utf8");
  const manifest = parseManifest(text, { file, ...limits });
  return { manifest, artifact: await readArtifact(file, manifest.component.artifact) };
}

async function readArtifact(manifestFile: string, artifact: string): Promise<Uint8Array> {
  const folder = dirname(manifestFile);
  const file = join(folder, artifact);
  const [realFolder, realFile] = await Promise.all([resolveLinks(folder), resolveLinks(file)]);
  const inside = relative(realFolder, realFile);
  if (inside === ".." || inside.startsWith(`..${sep}`)) {
    throw new ArtifactUnreadableError(file, "is a link that leads outside the manifest's folder");
  }
  return read(realFile);
}

async function resolveLinks(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Of a regular file only: reading a pipe or a device may never end. */
async function read(file: string): Promise<Buffer> {
  try {
    if ((await stat(file)).isFile()) return await readFile(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
  throw new ArtifactUnreadableError(file, "is not a file");
}

function unreadable(file: string, cause: unknown): ArtifactUnreadableError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
  return new ArtifactUnreadableError(file, `cannot be read (${code})`, { cause });
}
