import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const source = readFileSync(new URL("../src/errors.ts", import.meta.url), "utf8");
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const tests = ["under-seeds", "with-faults"]
  .map((name) => readFileSync(new URL(`${name}.test.ts`, import.meta.url), "utf8"))
  .join("\n");
const classes = [
  ...source.matchAll(
    /export class (\w+) extends TestkitError \{\s+override readonly name = "\1";\s+.*code = "(\w+)";/g,
  ),
].map(([, className = "", code = ""]) => ({ className, code }));

describe("an error code", () => {
  it("belongs to one class", () => {
    expect(new Set(classes.map(({ code }) => code)).size).toBe(source.match(/extends TestkitError/g)?.length);
  });

  it.each(classes)("of $className is documented in the README and thrown in a test", ({ className, code }) => {
    expect(readme).toMatch(new RegExp(`\\| \`${code}\` +\\| \`${className}\` +\\|`));
    expect(tests).toContain(className);
  });
});
