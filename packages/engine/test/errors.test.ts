import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

const source = read("../src/errors.ts");
const codes = [...source.matchAll(/override readonly code = "([A-Z_]+)"/g)].map(([, code = ""]) => code);
const declared = [...source.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map(([, code = ""]) => code);

describe("error codes", () => {
  it("are declared, and used by one class each", () => {
    expect(codes.length).toBeGreaterThan(10);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.toSorted()).toEqual(declared.toSorted());
  });

  it("belong to a class that is named like the error", () => {
    for (const [, name, assigned] of source.matchAll(
      /export class (\w+) extends EngineError \{\s+override readonly name = "(\w+)"/g,
    )) {
      expect(assigned).toBe(name);
    }
  });

  it("are documented in the README", () => {
    const readme = read("../README.md");
    for (const code of codes) expect(readme).toContain(`\`${code}\``);
  });

  it("are each thrown in some test", () => {
    const tests = readdirSync(new URL(".", import.meta.url), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".test.ts") && name !== "errors.test.ts")
      .map((name) => read(`./${name}`))
      .join("\n");
    const classOf = new Map(
      [...source.matchAll(/export class (\w+) extends[^}]*?code = "([A-Z_]+)"/g)].map(([, name = "", code = ""]) => [
        code,
        name,
      ]),
    );
    for (const code of codes) {
      expect(
        tests.includes(code) || new RegExp(`\\b${classOf.get(code)}\\b`).test(tests),
        `a test throws ${code}`,
      ).toBe(true);
    }
  });
});
