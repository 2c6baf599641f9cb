import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/*
 * Guests that StarlingMonkey, which is SpiderMonkey as a component, runs. What builds them takes 385 MB with all that comes with it, which
 * nobody else needs: it is installed when a guest is first wanted, and kept where installed packages are, like the guests.
 */

const VERSION = "0.23.0";
const cache = fileURLToPath(new URL("../../../node_modules/.cache/airssys/", import.meta.url));
const toolchain = `${cache}componentize-js-${VERSION}`;

/** What is used of it. */
interface ComponentizeJs {
  readonly componentize: (
    source: string,
    options: { readonly witWorld: string; readonly worldName: string; readonly disableFeatures: readonly string[] },
  ) => Promise<{ readonly component: Uint8Array }>;
}

/** Nothing of WASI: what such a guest does is to compute. */
const WITHOUT = ["random", "stdio", "clocks", "http", "fetch-event"];

/** The component of a JavaScript module and the world `guest` of a WIT text. */
export async function starlingMonkeyComponent(source: string, wit: string): Promise<Uint8Array> {
  const digest = createHash("sha256").update(`${VERSION}\n${wit}\n${source}`).digest("hex").slice(0, 16);
  const file = `${cache}starlingmonkey-${digest}.wasm`;
  const known = await readFile(file).catch(() => undefined);
  if (known !== undefined) return known;
  const { componentize } = await installed();
  const { component } = await componentize(source, { witWorld: wit, worldName: "guest", disableFeatures: WITHOUT });
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, component);
  await rename(temporary, file);
  return component;
}

async function installed(): Promise<ComponentizeJs> {
  const entry = `${toolchain}/node_modules/@bytecodealliance/componentize-js/src/componentize.js`;
  if (!existsSync(entry)) await install();
  return (await import(pathToFileURL(entry).href)) as ComponentizeJs;
}

/** Whoever is first puts it in its place; no script of a package is run. */
async function install(): Promise<void> {
  const folder = `${toolchain}.${randomUUID()}`;
  await mkdir(folder, { recursive: true });
  const args = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
  const npm = spawn("npm", [...args, `@bytecodealliance/componentize-js@${VERSION}`], {
    stdio: ["ignore", "ignore", "inherit"],
    // The packages of this repository bring a Node without npm, which is found first.
    env: { ...process.env, PATH: pathWithout(dirname(process.execPath)) },
  });
  const [status] = (await once(npm, "close")) as [number | null];
  if (status !== 0) throw new Error(`npm could not install componentize-js ${VERSION}: it ended with ${status}`);
  await rename(folder, toolchain).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    if (!existsSync(toolchain)) throw error;
  });
}

function pathWithout(directory: string): string {
  const path = process.env["PATH"] ?? "";
  return path
    .split(delimiter)
    .filter((each) => each !== directory && !each.endsWith("node_modules/.bin"))
    .join(delimiter);
}
