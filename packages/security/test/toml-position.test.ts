import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { TomlPositions } from "../src/toml-position.ts";
import { FULLEST } from "./sample-manifest.ts";
import { SeededRandom } from "./seeded-random.ts";

type Path = readonly (string | number)[];

/** Every key and list item of the document, as the index has them. */
function indexedPaths(text: string): readonly string[] {
  return [...pathsIn(new TomlPositions(text).root, (node) => node.children)].toSorted();
}

/** The same as the parser has them. */
function parsedPaths(text: string): readonly string[] {
  return [...pathsIn<unknown>(parse(text, { integersAsBigInt: true }), partsOf)].toSorted();
}

function* pathsIn<Node>(
  node: Node,
  partsIn: (node: Node) => Iterable<readonly [string | number, Node]>,
  path: Path = [],
): Generator<string> {
  for (const [key, child] of partsIn(node)) {
    const at = [...path, key];
    yield JSON.stringify(at);
    yield* pathsIn(child, partsIn, at);
  }
}

function partsOf(value: unknown): Iterable<readonly [string | number, unknown]> {
  if (Array.isArray(value)) return value.entries();
  return typeof value === "object" && value !== null && !(value instanceof Date) ? Object.entries(value) : [];
}

describe("a position", () => {
  const text = `# comment with [brackets] and = signs
title = "x" # key = 1

[server . 'a.b']
list = [ # [not a header]
  1,
  [2, "]"], { port = 80, "\\u0068ost" = '}' },
]
date = 1979-05-27 07:32:00
[[jobs]]
name = """
[fake]
key = 1"""
[[jobs]]
  name = 'second'
  [jobs.step]
  run = '''a''''
after = "\u{1F600}"`;
  const positions = new TomlPositions(text);

  it.each<[Path, readonly [number, number], readonly [number, number]]>([
    [["title"], [2, 1], [2, 9]],
    [["server"], [4, 2], [4, 2]],
    [
      ["server", "a.b"],
      [4, 11],
      [4, 11],
    ],
    [
      ["server", "a.b", "list", 0],
      [6, 3],
      [6, 3],
    ],
    [
      ["server", "a.b", "list", 1, 1],
      [7, 7],
      [7, 7],
    ],
    [
      ["server", "a.b", "list", 2, "port"],
      [7, 15],
      [7, 22],
    ],
    [
      ["server", "a.b", "list", 2, "host"],
      [7, 26],
      [7, 40],
    ],
    [
      ["server", "a.b", "date"],
      [9, 1],
      [9, 8],
    ],
    [
      ["jobs", 0, "name"],
      [11, 1],
      [11, 8],
    ],
    [
      ["jobs", 1, "name"],
      [15, 3],
      [15, 10],
    ],
    [
      ["jobs", 1, "step", "run"],
      [17, 3],
      [17, 9],
    ],
    [
      ["jobs", 1, "step", "after"],
      [18, 1],
      [18, 9],
    ],
  ])("is where the author sees it: %j", (path, key, value) => {
    expect(positions.keyOf(path)).toMatchObject({ line: key[0], column: key[1] });
    expect(positions.valueOf(path)).toMatchObject({ line: value[0], column: value[1] });
  });

  it("does not exist for a key that does not", () => {
    expect(positions.keyOf(["key"])).toBeUndefined();
    expect(positions.keyOf(["fake"])).toBeUndefined();
    expect(positions.valueOf(["jobs", 2])).toBeUndefined();
  });

  it("of a table is its own header, even when a table below it came first", () => {
    const late = new TomlPositions("[a.b]\n[a]\nx = 1\n[c]\n[a.d]\n");
    expect(late.keyOf(["a"])).toMatchObject({ line: 2, column: 2 });
    expect(late.keyOf(["a", "d"])).toMatchObject({ line: 5, column: 4 });
  });
});

describe("the index of positions", () => {
  it.each([
    FULLEST,
    FULLEST.replaceAll("\n", "\r\n"),
    "\uFEFFa=1",
    `"" = 1\n'""' = 2\n"a\\"b" . c = 3\n"\\U0001F600" = 4\n__proto__.x = 5\nconstructor = 6`,
    `a = """"quoted""""\nb = '''''x'''''\nc = """\\"""\\""""\nd = """ \\\n  x"""\ne = ""\nf = ''`,
    "a=[]\nb={}\nc=[[],[{}]]\nd=[1,2,]#x\ne={x.y.z=1,x.w=[{v=1}]}",
    "[[a.b]]\nc=1\n[[a.b.d]]\n[a.b.e]\nf=1\n[[a.b]]\n[[a.b.d]]\n[[a.b.d]]\ng.h=1",
  ])("has the keys that the parser has, whichever way they are written: %j", (text) => {
    expect(indexedPaths(text)).toEqual(parsedPaths(text));
    expect(indexedPaths(text)).not.toEqual([]);
  });

  it("has the keys that the parser has, for 2,000 documents made at random", () => {
    for (const text of randomDocuments(new SeededRandom(7), 2000)) {
      expect(indexedPaths(text), `in ${text}`).toEqual(parsedPaths(text));
    }
  });

  it("points at the key itself: the text there begins with it", () => {
    let keys = 0;
    for (const text of randomDocuments(new SeededRandom(8), 500)) {
      const lines = text.split(/\r?\n/);
      const positions = new TomlPositions(text);
      for (const path of indexedPaths(text)) {
        const parts: Path = JSON.parse(path);
        const key = parts.at(-1);
        if (typeof key === "number") continue;
        const { line, column } = positions.keyOf(parts) ?? { line: 0, column: 0 };
        const rest = lines[line - 1]?.slice(column - 1) ?? "";
        const isThere = [`${key}`, `"${key}"`, `'${key}'`].some((form) => rest.startsWith(form));
        expect(isThere, `${path} in ${text}`).toBe(true);
        keys += 1;
      }
    }
    expect(keys).toBeGreaterThan(1000);
  });

  it("comes to its end even in text that is no TOML", () => {
    const random = new SeededRandom(9);
    const pieces = [
      "[",
      "]",
      "{",
      "}",
      '"',
      "'",
      '"""',
      "'''",
      "=",
      ".",
      ",",
      "#",
      "\n",
      "a",
      " ",
      "1",
      "\0",
      "é",
    ] as const;
    for (let round = 0; round < 5000; round += 1) {
      const text = random.list(0, 30, () => random.pick(pieces)).join("");
      expect(new TomlPositions(text).keyOf([]), `for ${text}`).toEqual({ offset: 0, line: 1, column: 1 });
    }
  });
});

/** Documents that the parser accepts. Keys are drawn from few names, so some that are made define one twice. */
function* randomDocuments(random: SeededRandom, count: number): Generator<string> {
  for (let made = 0; made < count;) {
    const text = randomDocument(random);
    try {
      parse(text);
    } catch {
      continue;
    }
    yield text;
    made += 1;
  }
}

function randomDocument(random: SeededRandom): string {
  const newline = random.pick(["\n", "\n", "\r\n"]);
  const blank = (): string => random.pick(["", "", " ", "\t "]);
  const bare = (): string => random.pick(["a", "b", "c-1", "d_2", "7"]);
  const name = (): string => random.pick([bare, bare, () => `"${bare()}"`, () => `'x.${bare()}'`])();
  const key = (): string => random.list(1, 3, name).join(`${blank()}.${blank()}`);
  const comment = (): string => random.pick(["", "", ` # [x] = "y" '''`]);
  const gap = (): string => random.pick([blank, () => newline, () => ` # ], }${newline}  `])();
  const scalar = (): string =>
    random.pick([
      "1",
      "-2.5e3",
      "true",
      "inf",
      "0xFF",
      "1979-05-27T07:32:00Z",
      "1979-05-27 07:32:00.5",
      "07:32:00",
      '""',
      String.raw`"\"[x]\\"`,
      "'\\'",
      `"""${newline}k = 1 \\"""x""${newline}"""`,
      `'''[t]${newline}''x'''`,
    ]);
  const value = (depth: number): string => {
    const kind = depth > 2 ? 0 : random.integer(0, 3);
    if (kind === 1) return `[${gap()}${random.list(0, 3, () => value(depth + 1) + gap()).join(`,${gap()}`)}]`;
    if (kind === 2)
      return `{${blank()}${random.list(0, 3, () => `${key()} =${blank()}${value(depth + 1)}`).join(" , ")} }`;
    return scalar();
  };
  const assignment = (): string => `${blank()}${key()}${blank()}=${blank()}${value(0)}${comment()}`;
  const header = (): string =>
    random.pick([() => `[${blank()}${key()}]`, () => `[[${key()}${blank()}]]`])() + comment();
  return random.list(1, 6, () => random.pick([assignment, assignment, header])()).join(newline + blank());
}
