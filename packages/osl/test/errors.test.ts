import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const here = new URL(".", import.meta.url).pathname;
const source = readFileSync(`${here}../src/errors.ts`, "utf8");
const readme = readFileSync(`${here}../README.md`, "utf8");
const tests = globSync(`${here}**/*.test.ts`)
  .filter((file) => !file.endsWith("errors.test.ts"))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

const declared = [...source.matchAll(/^ {2}\| "(OSL_\w+)"/gm)].map(([, code]) => code);
const classes = [
  ...source.matchAll(
    /export class (\w+) extends OslError \{\s+override readonly name = "(\w+)";\s+override readonly code = "(\w+)";/g,
  ),
].map(([, className = "", name = "", code = ""]) => ({ className, name, code }));

describe("an error code", () => {
  it("belongs to one class, and every class has one", () => {
    expect(new Set(classes.map(({ code }) => code))).toEqual(new Set(declared));
    expect([classes.length, new Set(declared).size]).toEqual([declared.length, declared.length]);
    expect(classes.length).toBe(source.match(/extends OslError/g)?.length);
  });

  it("is in the README's table, and the table has no other", () => {
    const documented = [...readme.matchAll(/^\| `(OSL_\w+)` +\| `(\w+)` +\|/gm)].map(([, code, name]) => [code, name]);
    expect(documented).toEqual(classes.map(({ code, className }) => [code, className]));
  });

  it.each(classes)("of $className is thrown in a test", ({ code }) => {
    expect(tests).toContain(`"${code}"`);
  });
});

describe("an error class", () => {
  it.each(classes)("$className is called by its name", ({ className, name }) => {
    expect(name).toBe(className);
  });
});
