import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { beforeAll, describe, expect, it } from "vitest";
import { componentVerdicts, moduleVerdicts, type Originals, originals, type VerdictCount } from "./damaged-modules.ts";
import { KNOWN_REFUSALS } from "./known-refusals.ts";
import { RIGHT_VERDICTS, verdict } from "./verdict.ts";

/** `node packages/engine/test/measure/proofs.ts` runs as many as one likes. */
const MODULES = 3_000;
const COMPONENTS = 1_000;

let whole: Originals;
beforeAll(async () => {
  whole = await originals();
});

function wrong(verdicts: ReadonlyMap<string, VerdictCount>): readonly [string, VerdictCount][] {
  return [...verdicts].filter(([judged]) => !RIGHT_VERDICTS.includes(judged));
}

describe("a damaged module", () => {
  it(`is taken when it is valid, and refused with the engine's own errors when it is not: ${MODULES} of them`, () => {
    const verdicts = moduleVerdicts(whole, MODULES);
    expect(wrong(verdicts)).toEqual([]);
    expect(verdicts.get("instrumented")?.count).toBeGreaterThan(MODULES / 20);
    expect(verdicts.get("unsupported")?.count).toBeGreaterThan(MODULES / 20);
    expect(verdicts.get("corrupt")?.count).toBeGreaterThan(MODULES / 3);
  });

  it("is refused wherever it was cut short", () => {
    for (const module of whole.modules.slice(0, 20)) {
      for (let length = 9; length < module.length; length += 17) {
        // Between two sections, a smaller module may be left.
        expect(RIGHT_VERDICTS).toContain(verdict(module.subarray(0, length)));
      }
    }
  });
});

describe("a damaged component", () => {
  it(`is refused with the engine's own errors, or decoded: ${COMPONENTS} of them`, () => {
    const verdicts = componentVerdicts(whole, COMPONENTS);
    expect(wrong(verdicts)).toEqual([]);
    expect(verdicts.get("corrupt")?.count).toBeGreaterThan(COMPONENTS / 10);
  });
});

describe("what V8 runs and the engine does not", () => {
  const refused: readonly string[] = [
    "(module (memory 1 2 shared) (func))",
    "(module (memory i64 1 2) (func))",
    "(module (table i64 1 2 funcref) (func))",
    "(module (type (struct (field i32))))",
    "(module (tag (param externref)))",
    `(module (tag (param ${"i32 ".repeat(9)})))`,
    `(module (func (export "it's")))`,
  ];
  for (const text of refused) {
    it(`is known: ${text}`, async () => {
      expect(verdict(await parse(text))).toBe("unsupported");
    });
  }

  it("is in the README", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8").replaceAll(/\s+/g, " ");
    for (const { inReadme } of KNOWN_REFUSALS) expect(readme).toContain(inReadme);
  });
});
