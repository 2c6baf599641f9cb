import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { formatProblem, ManifestError, parseManifest, printManifest } from "../src/index.ts";
import { randomManifest } from "./random-manifest.ts";
import { FULLEST, SMALLEST } from "./sample-manifest.ts";
import { SeededRandom } from "./seeded-random.ts";

/** How the text is received: with a manifest, with a ManifestError, or with anything else, which no text may bring about. */
function receive(text: string): "accepted" | ManifestError {
  try {
    const manifest = parseManifest(text);
    expect(parseManifest(printManifest(manifest))).toEqual(manifest);
    return "accepted";
  } catch (error) {
    if (error instanceof ManifestError) return error;
    throw new Error(`not refused as it should be: ${JSON.stringify(text.slice(0, 2000))}`, { cause: error });
  }
}

function refuse(text: string): ManifestError {
  const received = receive(text);
  if (received === "accepted") throw new Error(`accepted: ${JSON.stringify(text.slice(0, 200))}`);
  return received;
}

/** Set AIRSSYS_FUZZ to have more tried than a quick run does. */
const ROUNDS = Number(process.env["AIRSSYS_FUZZ"] ?? 2000);

const timeout = 60_000 + 20 * ROUNDS;

describe(`${ROUNDS} manifests with random damage`, { timeout }, () => {
  it("are each accepted, or refused with problems that have a place in the file", () => {
    const random = new SeededRandom(2024);
    let accepted = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = damage(random.isLucky(0.5) ? FULLEST : SMALLEST, random);
      const received = receive(text);
      if (received === "accepted") {
        accepted += 1;
        continue;
      }
      const lines = text.split("\n");
      expect(received.problems.length).toBeGreaterThan(0);
      for (const { line = 0, column = 0 } of received.problems) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      }
    }
    expect(accepted / ROUNDS).toBeGreaterThan(0.02);
    expect(accepted / ROUNDS).toBeLessThan(0.8);
  });
});

describe(`${ROUNDS} random manifests`, { timeout }, () => {
  it("are what they were when they are printed and parsed", () => {
    const random = new SeededRandom(77);
    let same = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const manifest = randomManifest(random);
      if (isDeepStrictEqual(parseManifest(printManifest(manifest)), manifest)) same += 1;
    }
    expect(same).toBe(ROUNDS);
  });
});

describe("a hostile manifest", () => {
  it.each([
    ["a file of more than 1 MiB", "#".repeat(1_048_577)],
    ["a file of more than 1 MiB in fewer characters", `#${"é".repeat(524_288)}`],
    ["arrays nested without end", `a = ${"[".repeat(500_000)}`],
    ["tables nested without end", `a = ${"{a=".repeat(300_000)}`],
    ["arrays nested deeper than any manifest needs", `${SMALLEST}[config]\na = ${"[".repeat(70)}${"]".repeat(70)}`],
    ["half a million dotted keys in one", `${"a.".repeat(500_000)}a = 1`],
    ["half a million dotted keys in config", `config.${"a.".repeat(500_000)}a = 1`],
    ["half a million dotted keys in a header", `[${"a.".repeat(500_000)}a]`],
    ["a key of a megabyte", `${"k".repeat(1_000_000)} = 1`],
    ["an escaped key of a megabyte", `"${String.raw`\n`.repeat(500_000)}" = 1`],
    ["a string of escapes", `a = "${"\\\\".repeat(500_000)}"`],
    ["a string of quotes", `a = """${`""a`.repeat(333_000)}"""`],
    ["an integer of a million digits", `${SMALLEST}[config]\na = ${"9".repeat(1_000_000)}`],
    ["100,000 unknown keys", Array.from({ length: 100_000 }, (_, index) => `k${index}=0`).join("\n")],
    ["half a million wrong items", `capabilities.messaging.send = [${"1,".repeat(500_000)}]`],
    ["150,000 tables of one name", "[[a]]\n".repeat(150_000)],
    ["NUL", `${SMALLEST}\0`],
    ["NUL in a string", SMALLEST.replace("echo", "ec\0ho")],
    ["an escape character in a comment", `${SMALLEST}# \u001B[2J`],
    ["a carriage return of its own", SMALLEST.replaceAll("\n", "\r")],
    ["half a surrogate pair", `${SMALLEST}# \uD800`],
    ["the other half", `${SMALLEST}# \uDC00`],
    ["half a surrogate pair in an escape", SMALLEST.replace("echo", String.raw`\uD83D`)],
    ["a key twice", `${SMALLEST}timeout_ms = 1`],
    ["a table twice", `${SMALLEST}[component]`],
    ["a table over a value", `${SMALLEST}[component.name]`],
    ["nothing", ""],
    ["an unknown encoding", "\u0000[\u0000c\u0000o\u0000"],
  ])("is refused, not crashed on: %s", (_, text) => {
    expect(refuse(text).problems.length).toBeGreaterThan(0);
  });

  it("cannot reach a prototype", () => {
    const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"];
    const text = [
      ...names.map((name) => `${name}.polluted = true`),
      SMALLEST,
      ...names.map((name) => `[resources.cpu.${name}]\npolluted = true`),
      "[component.__proto__]\nnamespace = 'admin'",
      "[config]\n__proto__ = { polluted = true }",
    ].join("\n");
    expect(refuse(text).problems).toHaveLength(names.length * 2 + 2);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("cannot stand in for a required field with a prototype's", () => {
    const { problems } = refuse(`[component.__proto__]\nname = "a"\nversion = "1.0.0"\nartifact = "a"`);
    expect(problems.map(({ field }) => field)).toContain("component.name");
  });

  it("cannot write control or reordering characters into the terminal of who reads the error", () => {
    const { problems, message } = refuse(
      String.raw`"k\u001B[2J" = 1` +
        "\n" +
        String.raw`component.name = "\u0007\u009B\u202Egnp.\u2028\n"` +
        "\n" +
        String.raw`component."\u202E".x = 1`,
    );
    expect(message).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(problems.map((problem) => formatProblem(problem)).join("\n")).toContain(String.raw`\u202e`);
  });

  it("cannot flood who reads the error: the message has the first problems and the number of the others", () => {
    const error = refuse(Array.from({ length: 500 }, (_, index) => `key${index} = 1`).join("\n"));
    expect(error.problems).toHaveLength(506);
    expect(error.message.split("\n")).toHaveLength(21);
    expect(error.message).toMatch(/\nand 486 more$/);
    expect(refuse(`${"k".repeat(100_000)} = "${"v".repeat(100_000)}"`).message.length).toBeLessThan(3000);
  });
});

/** One to four random changes: the kinds a typing hand makes and the kinds an attacker does. */
function damage(text: string, random: SeededRandom): string {
  const shards = [
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    '"""',
    "=",
    ".",
    ",",
    "#",
    "\n",
    "\r",
    "\\",
    "\0",
    "\u001B",
    "\uD800",
    "\uFEFF",
    "é",
    "-",
    "_",
    "0",
    "1e999",
    "-9223372036854775809",
    "nan",
    "1979-05-27T07:32:00Z",
    "__proto__",
    "constructor.prototype",
    "[[config]]\n",
    "[config]\n10 = 1\n",
    "*",
    "../",
    String.raw`\u0000`,
    String.raw`\uD800`,
    String.raw`\U0010FFFF`,
  ] as const;
  let damaged = text;
  for (let left = random.integer(1, 4); left > 0; left -= 1) {
    const at = random.integer(0, damaged.length);
    const end = Math.min(damaged.length, at + random.integer(0, 12));
    const elsewhere = random.integer(0, damaged.length);
    damaged = random.pick([
      () => damaged.slice(0, at) + random.pick(shards) + damaged.slice(at),
      () => damaged.slice(0, at) + random.pick(shards) + damaged.slice(end),
      () => damaged.slice(0, at) + damaged.slice(end),
      () => damaged.slice(0, elsewhere) + damaged.slice(at, end) + damaged.slice(elsewhere),
      () => damaged.replace(/\d+/, () => random.pick(["0", "-1", "1.5", "18446744073709551616", "0x1_0", "true"])),
      () => withLinesSwapped(damaged, random),
    ])();
  }
  return damaged;
}

function withLinesSwapped(text: string, random: SeededRandom): string {
  const lines = text.split("\n");
  const [one, other] = [random.integer(0, lines.length - 1), random.integer(0, lines.length - 1)];
  return lines.map((line, index) => lines[index === one ? other : index === other ? one : index] ?? line).join("\n");
}
