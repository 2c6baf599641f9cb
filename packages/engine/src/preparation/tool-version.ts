import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Names all that shapes an artifact besides the component: the version of jco, and the engine's own code to the letter. */
export async function readToolVersion(): Promise<string> {
  const own = await digestOfSources(fileURLToPath(new URL("..", import.meta.url)), extname(import.meta.url));
  return `${await readJcoVersion()} ${own}`;
}

/** The SHA-256 of the names and contents of all files with that ending below a directory. */
export async function digestOfSources(directory: string, ending: string): Promise<string> {
  const names = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(ending)).toSorted();
  const contents = await Promise.all(names.map((name) => readFile(join(directory, name))));
  const hash = createHash("sha256");
  names.forEach((name, index) => hash.update(`${name} ${contents[index]?.length}\n`).update(contents[index] ?? ""));
  return hash.digest("hex");
}

async function readJcoVersion(): Promise<string> {
  const file = findPackageJSON("@bytecodealliance/jco-transpile", import.meta.url);
  if (file === undefined) return "unknown";
  const { version }: { version: string } = JSON.parse(await readFile(file, "utf8"));
  return version;
}
