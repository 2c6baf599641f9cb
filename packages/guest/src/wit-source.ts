// The tools read WIT either from a directory or from one text. Directories need a file system inside the tools' own
// sandbox, which differs between their versions; one text works everywhere, so the directory is joined here.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WitInvalidError } from "./errors.ts";

const packageLine = /^package\s+([^;{\s]+)\s*;/m;

/**
 * The WIT of a directory as one text: the root package, then each folder of `deps/` as a nested package.
 * Equal directories give equal texts, whatever order the file system lists them in.
 */
export function witSource(directory: URL | string): string {
  const root = typeof directory === "string" ? directory : fileURLToPath(directory);
  const dependencies = join(root, "deps");
  const parts = [witFiles(root).join("\n")];
  for (const name of list(root).includes("deps") ? list(dependencies) : []) {
    const text = witFiles(join(dependencies, name)).join("\n");
    const id = packageLine.exec(text)?.[1];
    if (id === undefined) throw new WitInvalidError(root, `deps/${name} declares no package`);
    parts.push(nest(text, id));
  }
  return parts.join("\n");
}

/** Only the first `package id;` opens the block; further files of the package repeat the line or leave it out. */
function nest(text: string, id: string): string {
  const [before = "", ...rest] = text.split(new RegExp(packageLine, "gm")).filter((_, index) => index % 2 === 0);
  return `${before}package ${id} {${rest.join("")}\n}\n`;
}

function witFiles(directory: string): readonly string[] {
  const names = list(directory).filter((name) => name.endsWith(".wit"));
  if (names.length === 0) throw new WitInvalidError(directory, "there are no .wit files");
  return names.map((name) => readFileSync(join(directory, name), "utf8"));
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch (cause) {
    throw new WitInvalidError(directory, "the directory cannot be read", { cause });
  }
}
