// The guests of these tests: real components, built from the sources in test/fixtures/guests when those have changed.
import { readFile } from "node:fs/promises";
import { buildComponent, type BuildOptions } from "@airssys/guest";

const folder = new URL("../../../test/fixtures/guests/", import.meta.url);
const airssys = { wit: new URL("../../../wit/", import.meta.url), world: "actor" };

const recipes = {
  /** Does what the script in a message says. */
  puppet: { language: "assemblyscript", source: "puppet.ts", ...airssys },
  /** Calls the host before it is called. */
  early: { language: "assemblyscript", source: "early.ts", ...airssys },
  /** Speaks JSON. */
  plain: { language: "typescript", source: "plain.ts", ...airssys },
  /** Calls any function of the host. */
  caller: { language: "typescript", source: "caller.ts", ...airssys },
  /** Calls any function of the host that waits. */
  archivist: { language: "typescript", source: "archivist.ts", ...airssys },
  /** Calls any function of the system. */
  operator: { language: "typescript", source: "operator.ts", ...airssys, world: "system-actor" },
  /** Keeps what it is told to. */
  hoarder: { language: "assemblyscript", source: "hoarder.ts", ...airssys },
  /** Keeps a number, and hands it on. */
  keeper: { language: "typescript", source: "keeper.ts", ...airssys, world: "stateful-actor" },
  /** Call every function of the host, and tell what their own were given. */
  "mirror-typescript": { language: "typescript", source: "mirror/typescript.ts", ...airssys, world: "stateful-actor" },
  "mirror-assemblyscript": {
    language: "assemblyscript",
    source: "mirror/assemblyscript.ts",
    ...airssys,
    world: "stateful-actor",
  },
  /** Knows nothing of airssys. */
  stranger: { language: "wat", source: "stranger.wat", wit: new URL("stranger/", folder), world: "stranger" },
  /** Prints to standard output and standard error. */
  printer: { language: "wat", source: "printer.wat", wit: new URL("printer/", folder), world: "printer" },
  /** Loops for ever when asked to. */
  spinner: { language: "wat", source: "spinner.wat", wit: new URL("spinner/", folder), world: "spinner" },
  /** Imports what there is not. */
  greedy: { language: "wat", source: "greedy.wat", wit: new URL("greedy/", folder), world: "greedy" },
} as const satisfies Record<string, Omit<BuildOptions, "output">>;

export type GuestName = keyof typeof recipes;

/** Where everything that is built goes; not part of the sources. */
export const buildFolder: URL = new URL("build/", folder);

const built = new Map<GuestName, Promise<Uint8Array>>();

/** The component of that name. */
export function guest(name: GuestName): Promise<Uint8Array> {
  const known = built.get(name) ?? build(name);
  built.set(name, known);
  return known;
}

async function build(name: GuestName): Promise<Uint8Array> {
  const recipe = recipes[name];
  const source = new URL(recipe.source, folder);
  const { output } = await buildComponent({ ...recipe, source, output: new URL(`${name}.wasm`, buildFolder) });
  return readFile(output);
}
