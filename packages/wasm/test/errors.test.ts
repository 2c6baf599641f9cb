import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as api from "../src/index.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

const source = read("../src/errors.ts");
const declared = [...source.matchAll(/^ {2}\| "(WASM_[A-Z_]+)"/gm)].map(([, code = ""]) => code);
const classes = [
  ...source.matchAll(
    /export class (\w+) extends WasmError \{\s+override readonly name = "(\w+)";\s+override readonly code = "(\w+)"/g,
  ),
].map(([, className = "", name = "", code = ""]) => ({ className, name, code }));

describe("an error of this package", () => {
  it("has a code of its own, and its class as name", () => {
    expect(classes.length).toBeGreaterThan(5);
    expect(classes.map(({ code }) => code).toSorted()).toEqual(declared.toSorted());
    expect(new Set(declared).size).toBe(declared.length);
    expect(classes.map(({ name }) => name)).toEqual(classes.map(({ className }) => className));
  });

  it("can be imported by its users", () => {
    for (const { className } of classes) expect(api).toHaveProperty(className);
  });

  it("is in the README's table, and the table has no other", () => {
    const rows = [...read("../README.md").matchAll(/^\| `(WASM_[A-Z_]+)` +\| `(\w+)`/gm)];
    expect(rows.map(([, code, name]) => `${code} ${name}`).toSorted()).toEqual(
      classes.map(({ code, name }) => `${code} ${name}`).toSorted(),
    );
  });

  it("is thrown by some test", () => {
    const tests = readdirSync(new URL(".", import.meta.url), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts") && file !== "errors.test.ts")
      .map((file) => read(`./${file}`))
      .join("\n");
    expect(
      classes.filter(({ code, name }) => !tests.includes(`"${code}"`) && !tests.includes(`toBeInstanceOf(${name})`)),
    ).toEqual([]);
  });
});
