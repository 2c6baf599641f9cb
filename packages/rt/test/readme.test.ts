import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const folder = new URL("../", import.meta.url);
const readme = readFileSync(new URL("README.md", folder), "utf8");
const section = /^## Guarantees\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? "";
/** One for each sentence of the list. */
const sentences = section
  .split(/\n(?=- |\n)/)
  .filter((block) => block.startsWith("- "))
  .map((block) => block.slice(2).replaceAll(/\s+/g, " ").trim());

const link = /\[[^\]]+\]\((test\/[^\s)]+) "([^"]+)"\)/g;

function textOf(file: string): string {
  return readFileSync(new URL(file, folder), "utf8");
}

/** Whether a file has a test, a group of tests, or a rule in a table of them, of that name. */
function hasTest(file: string, name: string): boolean {
  const called = new RegExp(String.raw`(?:describe|it|test|given|\))\(\s*${escaped(JSON.stringify(name))}`);
  return called.test(textOf(file));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

describe("the guarantees in the README", () => {
  it("are a list of sentences", () => {
    expect(sentences.length).toBeGreaterThan(50);
    const several = sentences.filter((sentence) => /[.!?] [A-Z]/.test(sentence.replaceAll(link, "").trim()));
    expect(several).toEqual([]);
  });

  it.each(sentences)("are each linked to a test that is there: %s", (sentence) => {
    const proofs = [...sentence.matchAll(link)].map(([, file = "", name = ""]) => ({ file, name }));
    expect(proofs.length).toBeGreaterThan(0);
    expect(sentence.replaceAll(link, "").trim()).toMatch(/\.$/);
    expect(proofs.filter(({ file, name }) => !hasTest(file, name))).toEqual([]);
  });
});
