import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { instrumentedCore, naiveCore, plainCore } from "./core-ways.ts";
import { componentGuest, type GuestRun, moduleGuest, type RunnableGuest } from "./guest-runs.ts";

/*
 * Every guest of the repository that is written in WebAssembly's own text, with each of its functions. Guests in other languages run
 * in a JavaScript engine, which `confinement.proof.test.ts` compares at work.
 */

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const files = globSync("**/*.wat", { cwd: root, exclude: (path) => path.includes("node_modules") }).toSorted();

/** What no engine runs: these are here to be refused. */
const REFUSED: readonly string[] = ["odd-name.wat", "panics-transpiler.wat", "shared-memory.wat"];

/** Far more than any of them takes to end, if it ends. */
const FUEL = 300_000;

async function guestOf(file: string): Promise<RunnableGuest> {
  const text = readFileSync(`${root}${file}`, "utf8");
  const bytes = await parse(text);
  return /^\s*\(component/m.test(text) ? componentGuest(bytes) : moduleGuest(bytes);
}

function endsInTrap({ results }: Pick<GuestRun, "results">): boolean {
  return results.at(-1)?.startsWith("trap") ?? false;
}

let compared = 0;

describe("a guest of the repository does under limits what it does without", () => {
  for (const file of files.filter((name) => !REFUSED.some((refused) => name.endsWith(refused)))) {
    it(`in ${file}`, async () => {
      const { functions, run } = await guestOf(file);
      for (const fn of functions) {
        const limited = instrumentedCore(FUEL);
        const found = await run(fn, limited);
        // Without limits, it would never end, or take all memory there is.
        if (limited.isStopped() || found.memories === undefined) continue;
        const plain = await run(fn, plainCore());
        const naive = await run(fn, naiveCore());
        expect({ ...found, fuel: undefined }, fn).toEqual(plain);
        // A trap leaves open how much of what was paid in advance was used.
        expect(naive, fn).toEqual({ ...plain, fuel: endsInTrap(plain) ? naive.fuel : found.fuel });
        compared += 1;
      }
    });
  }

  it("and there are many of them", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(compared).toBeGreaterThan(150);
  });
});
