import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { COMPONENT_BOUNDS } from "../../src/preparation/component-bounds.ts";
import { codeWork } from "../../src/preparation/code-work.ts";
import { transpileComponent } from "../../src/preparation/transpiler.ts";
import { doubled, doubledType } from "../doubled.ts";
import { fixture } from "../fixtures.ts";

async function refusalOf(text: string): Promise<unknown> {
  return transpileComponent("sha256:test", await parse(text), 65_536).catch((error: unknown) => error);
}

const many = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(" ");

/** A type that no other number has: its parameters are the digits of the number. */
const distinctType = (index: number): string =>
  `(type (func (param ${many(15, (digit) => ((index >> digit) % 2 === 0 ? "i32" : "i64"))})))`;

describe("a component that is more than its host can bear", () => {
  const excessive: Readonly<Record<string, readonly [text: string, feature: string]>> = {
    "core instances, by components of components": [
      doubled(10, "(core module $m (func)) (core instance (instantiate $m))"),
      "1024 core instances, more than 1000",
    ],
    "memories, however small": [
      doubled(7, "(core module $m (memory 0) (func)) (core instance (instantiate $m))"),
      "128 memories, more than 100",
    ],
    "core types": [
      `(component ${many(2, (half) => `(core module ${many(5_001, (index) => distinctType(half * 5_001 + index))})`)})`,
      "10002 core types, more than 10000",
    ],
    "branches in a function with many locals": [
      `(component (core module (func (local ${many(40_000, () => "i32")}) ${many(251, () => "(block)")})))`,
      "10040000 branches times locals in one function, more than 10000000",
    ],
    "branches in functions with many locals": [
      `(component (core module ${many(11, () => `(func (local ${many(40_000, () => "i32")}) ${many(249, () => "(block)")})`)}))`,
      "109560000 branches times locals in its functions, more than 100000000",
    ],
    "values of large types": [doubledType(15), "characters of generated code for its interfaces, more than 8000000"],
  };
  for (const [what, [text, feature]] of Object.entries(excessive)) {
    it(`is refused: ${what}`, async () => {
      const refusal = await refusalOf(text);
      expect(refusal).toMatchObject({
        code: "ENGINE_UNSUPPORTED_COMPONENT",
        feature: expect.stringContaining(feature),
      });
    });
  }

  it("is one with far more than others have", async () => {
    const { moduleBytes } = await transpileComponent("sha256:test", await fixture("hostile"), 65_536);
    for (const module of moduleBytes) {
      const { types, greatest, total } = codeWork(module);
      expect(types * 100).toBeLessThan(COMPONENT_BOUNDS.coreTypes);
      expect(greatest * 100).toBeLessThan(COMPONENT_BOUNDS.functionWork);
      expect(total * 100).toBeLessThan(COMPONENT_BOUNDS.work);
    }
  });

  it("is described in the README with its bounds", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    for (const bound of Object.values(COMPONENT_BOUNDS)) expect(readme).toContain(bound.toLocaleString("en"));
  });
});
