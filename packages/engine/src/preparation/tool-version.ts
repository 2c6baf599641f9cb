import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Names all that shapes an artifact besides the component: the version of jco, and the engine's own code to the letter. */
export async function readToolVersion(): Promise<string> {
  const own = digestOfSources(fileURLToPath(new URL("..", import.meta.url)), extname(import.meta.url));
  return `${await readJcoVersion()} ${own}`;
}

/**
 * The SHA-256 of the names and contents of all files with that ending below a directory. Read in one go: a process that begins with a
 * prepared component waits for this, and a hundred small files take several times as long when each is awaited (bench: `component-cold-start`).
 */
export function digestOfSources(directory: string, ending: string): string {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(ending));
  const hash = createHash("sha256");
  for (const name of names.toSorted()) {
    const content = readFileSync(join(directory, name));
    hash.update(`${name} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

async function readJcoVersion(): Promise<string> {
  const file = findPackageJSON("@bytecodealliance/jco-transpile", import.meta.url);
  if (file === undefined) return "unknown";
  const { version }: { version: string } = JSON.parse(await readFile(file, "utf8"));
  return version;
}
