import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";

const folder = new URL("../../guests/build/", import.meta.url);
/** Which compilers there are. */
const lockfile = new URL("../../../pnpm-lock.yaml", import.meta.url);

/**
 * What `make` makes of these files. It is kept in a file that is named after their digest, so that only the first process waits for
 * it, and every one has the same.
 */
export async function builtOnce(
  name: string,
  sources: readonly URL[],
  make: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const file = new URL(`${name}-${await digestOf([...sources, lockfile])}.wasm`, folder);
  const known = await readFile(file).catch(() => undefined);
  if (known !== undefined) return known;
  await mkdir(folder, { recursive: true });
  const temporary = new URL(`${file.href}.${randomUUID()}.tmp`);
  await writeFile(temporary, await make());
  await rename(temporary, file);
  return readFile(file);
}

async function digestOf(files: readonly URL[]): Promise<string> {
  const hash = createHash("sha256");
  for (const content of await Promise.all(files.map((file) => readFile(file)))) hash.update(content).update("\n");
  return hash.digest("hex").slice(0, 16);
}
