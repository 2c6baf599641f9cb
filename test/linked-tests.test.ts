// Documents that promise something say which test fails when it is not so: `[test](path "name of the test")`.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);

interface Document {
  readonly path: string;
  /** The part of it whose list items are promises. */
  readonly section: RegExp;
  readonly atLeast: number;
}

const documents: readonly Document[] = [
  { path: "packages/rt/README.md", section: /^## Guarantees\n([\s\S]*?)^## /m, atLeast: 50 },
  { path: "packages/security/THREAT-MODEL.md", section: /^## Claims\n([\s\S]*?)^## /m, atLeast: 25 },
];

const link = /\[[^\]]+\]\((\S+?\.ts) "([^"]+)"\)/g;

/** One for each item of the lists in a section. */
function promises({ path, section }: Document): readonly string[] {
  const text = section.exec(readFileSync(new URL(path, root), "utf8"))?.[1] ?? "";
  return text
    .split(/\n(?=- |\n)/)
    .filter((block) => block.startsWith("- "))
    .map((block) => block.slice(2).replaceAll(/\s+/g, " ").trim());
}

/** Whether a file has a test, a group of tests, or a rule in a table of them, of that name. */
function hasTest(file: URL, name: string): boolean {
  const called = new RegExp(String.raw`(?:describe|it|test|given|\))\(\s*${escaped(JSON.stringify(name))}`);
  return called.test(readFileSync(file, "utf8"));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

describe.each(documents)("the promises in $path", (document) => {
  const sentences = promises(document);

  it("are a list of sentences", () => {
    expect(sentences.length).toBeGreaterThanOrEqual(document.atLeast);
    const several = sentences.filter((sentence) => /[.!?] [A-Z]/.test(sentence.replaceAll(link, "").trim()));
    expect(several).toEqual([]);
  });

  it.each(sentences)("are each linked to a test that is there: %s", (sentence) => {
    const proofs = [...sentence.matchAll(link)].map(([, file = "", name = ""]) => ({ file, name }));
    expect(proofs.length).toBeGreaterThan(0);
    expect(sentence.replaceAll(link, "").trim()).toMatch(/\.$/);
    const folder = new URL(document.path, root);
    expect(proofs.filter(({ file, name }) => !hasTest(new URL(file, folder), name))).toEqual([]);
  });
});
