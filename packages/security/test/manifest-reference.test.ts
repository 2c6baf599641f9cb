import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { manifestReference } from "../src/index.ts";

describe("the reference of Component.toml", () => {
  it("in the README is the one that the schema gives", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const [, written] = /<!-- reference -->\n\n([^]*?)\n\n<!-- \/reference -->/.exec(readme) ?? [];
    expect(written).toBe(manifestReference());
  });

  it("has a row for every field, with what it takes, its default and its meaning", () => {
    const rows = manifestReference().split("\n").slice(2);
    expect(rows.length).toBe(47);
    for (const row of rows) expect(row).toMatch(/^\| `[a-z_.]+` +\| \S.* \| \S+ +\| \S.*\. +\|$/);
  });
});
