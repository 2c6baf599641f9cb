import { readdirSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { join } from "node:path";
import { areUnchanged, digest, digestOf, type Digests } from "./source-files.ts";

/** Everything besides the source files that decides what a build gives. */
export interface Recipe {
  readonly language: string;
  readonly world: string;
  readonly witDigest: string;
  readonly tools: string;
}

/** Written beside an output: what it was made of. An output without a matching stamp is built again. */
export interface Stamp {
  readonly recipe: Recipe;
  readonly sources: Digests;
  readonly outputDigest: string;
}

/** Whether `output` is what building `source` with `recipe` would give, as far as its stamp can tell. */
export function isUpToDate(output: string, source: string, recipe: Recipe): boolean {
  const stamp = readStamp(output);
  return (
    stamp !== undefined &&
    stamp.sources[source] !== undefined &&
    JSON.stringify(stamp.recipe) === JSON.stringify(recipe) &&
    stamp.outputDigest === digestOf(output) &&
    areUnchanged(stamp.sources)
  );
}

export function stampPath(output: string): string {
  return `${output}.stamp.json`;
}

/** A stamp that is missing, cut short or not ours is no stamp: the worst that follows is one build too many. */
function readStamp(output: string): Stamp | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(stampPath(output), "utf8"));
    return isStamp(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isStamp(value: unknown): value is Stamp {
  return (
    isObject(value) &&
    "recipe" in value &&
    isObject(value.recipe) &&
    "sources" in value &&
    isObject(value.sources) &&
    "outputDigest" in value &&
    typeof value.outputDigest === "string"
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Versions of the compilers and the content of this package: either may change what a source is built to. */
export function toolsFingerprint(packages: readonly string[]): string {
  const versions = packages.map((name) => `${name}@${versionOf(name)}`);
  const own = readdirSync(import.meta.dirname)
    .toSorted()
    .map((name) => digestOf(join(import.meta.dirname, name)));
  return [...versions, `node@${process.versions.node}`, digest(own.join())].join(" ");
}

function versionOf(name: string): string {
  const path = findPackageJSON(name, import.meta.url);
  if (path === undefined) return "missing";
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  return isObject(manifest) && "version" in manifest ? String(manifest.version) : "unknown";
}
