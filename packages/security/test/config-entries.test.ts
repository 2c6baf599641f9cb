import { describe, expect, it } from "vitest";
import { ManifestError, type ManifestProblem, parseManifest } from "../src/index.ts";
import { SMALLEST } from "./sample-manifest.ts";

function configOf(lines: string): readonly (readonly [string, string])[] {
  return parseManifest(`${SMALLEST}[config]\n${lines}`).config;
}

/** Problems of a `[config]` whose first line is line 13. */
function problemsOf(lines: string): readonly ManifestProblem[] {
  try {
    configOf(lines);
    return [];
  } catch (error) {
    if (error instanceof ManifestError) return error.problems;
    throw error;
  }
}

describe("config", () => {
  it("keeps strings as they are and gives all else as JSON", () => {
    expect(configOf(`s = "1"\ni = 1\nf = 1.5\nw = 2.0\nb = false\na = [1, "x", [true]]\ne = []`)).toEqual([
      ["s", "1"],
      ["i", "1"],
      ["f", "1.5"],
      ["w", "2"],
      ["b", "false"],
      ["a", '[1,"x",[true]]'],
      ["e", "[]"],
    ]);
  });

  it("joins the keys of nested tables with dots, in the order written", () => {
    expect(configOf(`z.b = 1\n9 = 2\nz.a = 3\ny = { d = 4, c = 5 }\n[config.x]\nk = 6`)).toEqual([
      ["z.b", "1"],
      ["9", "2"],
      ["z.a", "3"],
      ["y.d", "4"],
      ["y.c", "5"],
      ["x.k", "6"],
    ]);
  });

  it("gives an array of tables as one array", () => {
    expect(
      configOf(`[[config.hosts]]\nname = "a"\n[[config.hosts]]\nname = "b"\n[config.hosts.port]\ntls = 443`),
    ).toEqual([["hosts", '[{"name":"a"},{"name":"b","port":{"tls":443}}]']]);
  });

  it("takes keys of any script, quoted", () => {
    expect(configOf(`"api.example.com" = "x"\n'größe in km' = 3`)).toEqual([
      ["api.example.com", "x"],
      ["größe in km", "3"],
    ]);
  });

  it("refuses two keys that would be one", () => {
    expect(problemsOf(`"a.b" = 1\na = { c = 1, b = 2 }`)).toMatchObject([
      { line: 14, column: 14, field: "config.a.b", found: '"a.b" again' },
    ]);
  });

  it.each([
    ["a = inf", "config.a"],
    ["a = [1, -nan]", "config.a[1]"],
    ["a = 9007199254740992", "config.a"],
    ["a = -9223372036854775808", "config.a"],
    ["a = 1e300", "config.a"],
    ["a = 2026-11-21", "config.a"],
    ["a = { b = [{ c = 07:32:00 }] }", "config.a.b[0].c"],
    [String.raw`a = "\u0000"`, "config.a"],
    [String.raw`a = "\u001B[2J"`, "config.a"],
    [`"" = 1`, 'config.""'],
    [String.raw`"\n" = 1`, String.raw`config."\n"`],
  ])("refuses what it could not hand over unchanged: %s", (line, field) => {
    expect(problemsOf(line)).toMatchObject([{ line: 13, field }]);
  });

  it.each(["__proto__", "constructor", "prototype"])("refuses the key %s wherever it stands", (key) => {
    const lines = `${key} = 1\na.${key}.b = 2\nc = { ${key} = 3 }\nd = [{ ${key} = 4 }]\n"e.${key}" = 5`;
    expect(problemsOf(lines).map(({ line, expected }) => [line, expected])).toEqual(
      [13, 14, 15, 16, 17].map((line) => [line, "a key that is not reserved by JavaScript"]),
    );
  });

  it("nests at most 16 levels", () => {
    expect(problemsOf(`${"k.".repeat(15)}k = 1`)).toEqual([]);
    expect(problemsOf(`${"k.".repeat(16)}k = 1`)).toMatchObject([{ line: 13, found: "more" }]);
    expect(problemsOf(`a = ${"[".repeat(15)}${"]".repeat(15)}`)).toEqual([]);
    expect(problemsOf(`a = ${"[".repeat(40)}${"]".repeat(40)}`)).toMatchObject([{ line: 13, found: "more" }]);
  });

  it("is a table", () => {
    expect(() => parseManifest(`config = 1\n${SMALLEST}`)).toThrow("config: expected a table, found an integer 1");
    expect(() => parseManifest(`${SMALLEST}[[config]]\na = 1`)).toThrow(
      "config: expected a table, found an array of 1",
    );
  });
});
