import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { functionNames, rename } from "../src/core-module.ts";

const text = `(module
  (import "host" "log" (func (param i32)))
  (import "other" "keep" (func))
  (memory (export "memory") 1)
  (global (export "heap") i32 (i32.const 1))
  (func (export "run") (result i32) (i32.const 7))
  (func (export "unwanted")))`;

describe("renaming a module", () => {
  it("gives imports and exports new names, of any length and letters", async () => {
    const long = `cm32p2|shop:till/${"counting-".repeat(20)}all@1|run`;
    const renamed = rename(await parse(text), {
      importName: ({ module, name }) =>
        module === "host" ? { module: "shop:till/log", name: `${name}-line` } : undefined,
      exportName: (name) => (name === "run" ? long : name),
    });
    expect(functionNames(renamed)).toEqual({
      imports: [
        { module: "shop:till/log", name: "log-line" },
        { module: "other", name: "keep" },
      ],
      exports: [long, "unwanted"],
    });
  });

  it("drops the exports that get no name, and keeps the rest of the module byte for byte", async () => {
    const module = await parse(text);
    const same = rename(module, { importName: () => undefined, exportName: (name) => name });
    expect(Buffer.from(same).equals(module)).toBe(true);
    const fewer = rename(module, {
      importName: () => undefined,
      exportName: (name) => (name === "unwanted" ? undefined : name),
    });
    expect(functionNames(fewer).exports).toEqual(["run"]);
  });
});
