import { readdirSync } from "node:fs";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { beforeAll, describe, expect, it } from "vitest";
import { CorruptComponentError, UnsupportedComponentError } from "../../src/index.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { wasm } from "../../src/webassembly.ts";
import { decodeComponent } from "../../src/wit/component-decoder.ts";
import { fixture } from "../fixtures.ts";
import { generateModule } from "./module-generator.ts";
import { Random } from "./random.ts";

/** More with the variable set: `ENGINE_MUTATED_MODULES=20000`. */
const INPUTS = Number(process.env["ENGINE_MUTATED_MODULES"] ?? 3_000);

/** What V8 runs and the engine does not. */
const UNSUPPORTED = /^(a shared or 64-bit (memory|table)|the reserved import namespace airssys:engine)$/;

let seeds: readonly Uint8Array[];
beforeAll(async () => {
  const names = readdirSync(new URL("../fixtures", import.meta.url)).map((name) => name.replace(".wat", ""));
  const components = await Promise.all(names.filter((name) => name !== "odd-name").map(fixture));
  const generated = Array.from({ length: 60 }, (_, seed) => parse(generateModule(seed).text));
  seeds = [...components.flatMap((bytes) => decodeComponent(bytes).coreModules), ...(await Promise.all(generated))];
});

/** One to four small damages; most often to single bytes, which leaves some modules valid. */
function mutate(random: Random, seed: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes = seed.slice();
  for (let damage = 0; damage <= random.below(4); damage += 1) {
    const at = 8 + random.below(Math.max(bytes.length - 8, 1));
    const length = random.below(8);
    switch (random.below(8)) {
      case 0:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + length));
        break;
      case 1:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at - length, at), ...bytes.subarray(at));
        break;
      case 2:
        bytes.set(other.subarray(at, Math.min(at + length, bytes.length)), at);
        break;
      case 3:
        bytes[at] = random.below(256);
        break;
      default:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
  }
  return bytes;
}

/** What the rewriter makes of an input, in a word. */
function verdict(input: Uint8Array): string {
  const isValid = wasm.validate(input);
  try {
    const { bytes } = instrument(input);
    if (!isValid) return "took what is not valid";
    return wasm.validate(bytes) ? "instrumented" : "made something that is not valid";
  } catch (error) {
    if (error instanceof CorruptComponentError && !isValid) return "refused";
    if (error instanceof UnsupportedComponentError && isValid && UNSUPPORTED.test(error.feature)) return "unsupported";
    return `failed on ${isValid ? "a valid" : "an invalid"} module: ${String(error)}`;
  }
}

describe("the rewriter", () => {
  it(`takes every valid module and refuses every other, over ${INPUTS} damaged ones`, () => {
    const counts = new Map<string, number>();
    for (let input = 0; input < INPUTS; input += 1) {
      const random = new Random(input);
      const found = verdict(mutate(random, random.pick(seeds), random.pick(seeds)));
      counts.set(found, (counts.get(found) ?? 0) + 1);
    }
    expect([...counts.keys()].filter((found) => !["instrumented", "refused", "unsupported"].includes(found))).toEqual(
      [],
    );
    expect(counts.get("instrumented")).toBeGreaterThan(INPUTS / 20);
    expect(counts.get("refused")).toBeGreaterThan(INPUTS / 20);
  });

  it("refuses every module that was cut short", () => {
    for (const seed of seeds.slice(0, 20)) {
      for (let length = 9; length < seed.length; length += 17) {
        expect(verdict(seed.subarray(0, length))).toMatch(/^(refused|instrumented)$/);
      }
    }
  });
});
