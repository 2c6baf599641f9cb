import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { describe, expect, it } from "vitest";
import { PreparationFailedError } from "../../src/index.ts";
import { asScript, countInstantiations } from "../../src/preparation/generated-code.ts";
import { TRANSPILE_OPTIONS } from "../../src/preparation/transpiler.ts";
import { fixture, thrownBy } from "../fixtures.ts";

const generate = async (name: string): Promise<string> => {
  const { files } = await transpileBytes(await fixture(name), { ...TRANSPILE_OPTIONS });
  return Buffer.from(files["component.js"] ?? []).toString();
};

describe("what jco generates", () => {
  it("still holds every place that is changed, in a component that calls and is called", async () => {
    const generated = await generate("host");
    for (const place of [
      /^"use components";\s*export function instantiate\(getCoreModule, imports, instantiateCore = WebAssembly\.instantiate\) \{/,
      /if \(!globalThis\?\.process\?\.env\?\.JCO_DEBUG\) \{ return; \}/,
      /function _trackHostOperation\(operation\) \{\s*const result = operation\(\);/,
      /_trackHostOperation\(\(\) => plain\(/,
      /\b_debugLog\('/,
      /import\.meta\.url/,
      /export const _util = \{\s*\}\s*$/,
    ]) {
      expect(generated).toMatch(place);
    }
  });

  it("becomes a script that reads no environment variable and loads nothing by itself", async () => {
    const script = asScript("sha256:test", await generate("host"));
    expect(script).not.toMatch(/JCO_DEBUG|import\.meta|^export /m);
    expect(script).toContain("const _trackHostOperation = hostCall;");
    for (const name of ["test:host/api@1.0.0#plain", "test:host/api@1.0.0#try-it", "beat#beat"]) {
      expect(script).toContain(`_trackHostOperation("${name}", () =>`);
    }
    expect(script).not.toMatch(/(?<!false && )(?<![\w$])_debugLog\('/);
  });

  it("is refused when a place has moved", async () => {
    const generated = await generate("basic");
    for (const [from, to] of [
      ["export function instantiate(", "export function instantiate2("],
      ["JCO_DEBUG", "JCO_DEBUG2"],
      ["export const _util", "export const _helpers"],
      ["if (!getCoreModule)", "if (getCoreModule === undefined)"],
    ] as const) {
      expect(thrownBy(() => asScript("sha256:test", generated.replaceAll(from, to)))).toBeInstanceOf(
        PreparationFailedError,
      );
    }
  });

  it("tells how often it instantiates each core module", async () => {
    expect([...countInstantiations("sha256:test", await generate("twins")).values()]).toEqual([2]);
    expect([...countInstantiations("sha256:test", await generate("memory")).values()]).toEqual([1, 1]);
    const moved = (await generate("twins")).replaceAll(
      "instantiateCore(yield module0",
      "instantiateCore(yield pick(module0)",
    );
    expect(thrownBy(() => countInstantiations("sha256:test", moved))).toBeInstanceOf(PreparationFailedError);
  });
});
