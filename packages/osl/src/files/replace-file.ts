import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { open, rename, unlink } from "node:fs/promises";
import { systemCodeOf } from "../errors.ts";
import type { FileOperation } from "../operation.ts";
import type { Performing } from "../performing.ts";
import { writeAll } from "./file-bytes.ts";
import { type HeldEntry, holdDirectory } from "./held-entry.ts";
import { holdFile } from "./open-file.ts";
import { resolveTarget } from "./resolved-path.ts";

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const PERMISSIONS = 0o777;
const OWNER_ONLY = 0o600;

/** Writes beside the file, and then gives what was written its name. Whatever fails before leaves the file as it was. */
export async function replaceFile(
  { path, bytes }: FileOperation & { readonly kind: "file.write" },
  { authorize, signal, charge }: Performing,
): Promise<void> {
  const { parent, name } = await resolveTarget(path, "write", authorize);
  await charge(0, bytes.length);
  await using directory = await holdDirectory(parent, signal);
  const mode = await modeOf(directory, name);
  const draft = `.airssys-${randomUUID()}`;
  try {
    await using file = await open(directory.entry(draft), NEW_FILE, OWNER_ONLY);
    await writeAll(file, bytes, signal);
    await file.chmod(mode);
    signal.throwIfAborted();
    await directory.verify();
    // A link that has come under the name is replaced itself, and not what it leads to.
    await rename(directory.entry(draft), directory.entry(name));
  } catch (error) {
    await unlink(directory.entry(draft)).catch(() => undefined);
    throw error;
  }
}

/** The permissions of what is to be replaced, which has to be a file. */
async function modeOf(directory: HeldEntry, name: string): Promise<number> {
  try {
    await using held = await holdFile(directory, name);
    return (await held.handle.stat()).mode & PERMISSIONS;
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return OWNER_ONLY;
    throw error;
  }
}
