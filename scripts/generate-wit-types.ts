// `pnpm generate`: writes the TypeScript types of wit/ into src/generated, and the page of each of its packages; with --check it
// only says whether they are current.
import { $init, generateTypes } from "@bytecodealliance/jco-transpile/component";
import { witSource } from "@airssys/guest";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { witPage } from "./wit-pages.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const header = "// Generated from wit/ by `pnpm generate`. Do not edit.\n";
const hostTypes = join(root, "packages/wasm/src/generated");
const guestTypes = join(root, "packages/guest/src/generated");

await $init;
const wit = { tag: "source", val: witSource(new URL("../wit/", import.meta.url)) } as const;

function interfaces(guest: boolean): readonly (readonly [name: string, text: string])[] {
  const files = generateTypes("full", {
    wit,
    world: "full",
    instantiation: { tag: "async" },
    tlaCompat: false,
    guest,
  });
  return files
    .filter(([name]) => name.startsWith("interfaces/"))
    .map(([name, bytes]) => [basename(name), new TextDecoder().decode(bytes)] as const);
}

/** The host compiles its types as modules: tsc copies no .d.ts into dist. */
function asModule([name, text]: readonly [string, string]): readonly [string, string] {
  const declared = text
    .replaceAll("export function ", "export declare function ")
    // A name that JavaScript reserves is declared under another and renamed.
    .replaceAll(/^function _/gm, "declare function _")
    .replaceAll("export class ", "export declare class ")
    .replaceAll(/import\('(.*?)\.js'\)/g, "import('$1.ts')");
  return [join(hostTypes, name.replace(".d.ts", ".ts")), header + declared];
}

function asAmbient([name, text]: readonly [string, string]): readonly [string, string] {
  return [join(guestTypes, name), header + text];
}

const wanted = new Map<string, string>([...interfaces(false).map(asModule), ...interfaces(true).map(asAmbient)]);
const references = interfaces(true).map(([name]) => `/// <reference path="./${name}" />\n`);
wanted.set(join(guestTypes, "actor.d.ts"), header + references.join(""));
wanted.set(join(guestTypes, "airssys.wit"), header + wit.val);

const packages = join(root, "wit/deps");
for (const name of readdirSync(packages)) {
  const sources = readdirSync(join(packages, name)).filter((file) => file.endsWith(".wit"));
  for (const file of sources)
    wanted.set(join(packages, name, "README.md"), witPage(readFileSync(join(packages, name, file), "utf8")));
}

const present = [hostTypes, guestTypes]
  .filter((directory) => existsSync(directory))
  .flatMap((directory) => readdirSync(directory).map((name) => join(directory, name)));
const stale = [
  ...[...wanted]
    .filter(([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text)
    .map(([file]) => file),
  ...present.filter((file) => !wanted.has(file)),
];

if (process.argv.includes("--check")) {
  for (const file of stale) console.error(`${relative(root, file)} is not what wit/ says: run pnpm generate`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const directory of [hostTypes, guestTypes]) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
  }
  for (const [file, text] of wanted) writeFileSync(file, text);
  console.log(`${stale.length} of ${wanted.size} files changed`);
}
