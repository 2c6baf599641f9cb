import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Puts a text in the place of a file: after a crash there is the old one or the new one, whole. One writer at a time. */
export async function writeAtomically(file: string, text: string): Promise<void> {
  // Readable by nobody else: who can write what is decided here decides himself. What a crash left of it is written over.
  const draft = `${file}.new`;
  const handle = await open(draft, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  const folder = await open(dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
