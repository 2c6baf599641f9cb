import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { beforeAll, describe, expect, it } from "vitest";
import {
  BadOptionError,
  CacheError,
  ComponentTooLargeError,
  CorruptComponentError,
  Engine,
  EngineError,
  NotAComponentError,
  PreparationFailedError,
  TooManyFunctionsError,
  UnsupportedComponentError,
} from "../src/index.ts";
import { prepareInChild } from "../src/preparation/run-child.ts";
import { digestOfSources } from "../src/preparation/tool-version.ts";
import { answering, fixture, freshEngine, temporaryDirectory } from "./fixtures.ts";

let basic: Uint8Array;
beforeAll(async () => {
  basic = await fixture("basic");
});

const artifacts = (directory: string): string[] => readdirSync(directory).filter((name) => name.endsWith(".artifact"));

describe("a prepared component", () => {
  it("is named by the digest of its bytes and lists imports and exports by their WIT names", async () => {
    const component = await freshEngine().prepare(basic);
    expect(component.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(component.imports).toEqual([]);
    expect(component.exports).toEqual([
      { name: "test:basic/tools@1.2.0", functions: ["echo-bytes", "half"] },
      { name: "", functions: ["add", "count-up"] },
    ]);
  });

  it("can be called by names that mean something in JavaScript", async () => {
    const component = await freshEngine().prepare(await fixture("names"));
    const instance = component.instantiate();
    const names = component.exports.flatMap(({ name, functions }) =>
      functions.map((fn) => (name === "" ? fn : `${name}#${fn}`)),
    );
    expect(names).toContain("constructor");
    expect(names).toContain("test:others/same#value-of");
    for (const name of names) expect(instance.call(name)).toEqual({ ok: true, value: 7 });
  });
});

describe("the bytes of a component", () => {
  it("may be changed by the caller while they are prepared, and later callers get what the digest says", async () => {
    const cacheDirectory = temporaryDirectory();
    const [one, two] = await Promise.all([answering(1), answering(2)]);
    expect(one.length).toBe(two.length);
    const buffer = Buffer.from(one);
    const preparing = new Engine({ cacheDirectory }).prepare(buffer);
    buffer.set(two);
    const first = await preparing;
    const later = await new Engine({ cacheDirectory }).prepare(one);
    expect(later.digest).toBe(first.digest);
    for (const component of [first, later]) expect(component.instantiate().call("go")).toEqual({ ok: true, value: 1 });
  });

  it("are compared with the digest once more by the process that prepares them", async () => {
    const directory = temporaryDirectory();
    const [componentFile, artifactFile] = [join(directory, "component.wasm"), join(directory, "artifact")];
    writeFileSync(componentFile, basic);
    const request = {
      digest: "sha256:another",
      key: "k",
      componentFile,
      artifactFile,
      memoryBytes: 2 ** 30,
      maxFunctions: 10,
    };
    await expect(prepareInChild(request, 30_000)).rejects.toMatchObject({
      code: "ENGINE_PREPARATION_FAILED",
      problem: "its bytes changed on the way",
    });
    expect(existsSync(artifactFile)).toBe(false);
  });
});

describe("bytes that are no component", () => {
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["nothing at all", new Uint8Array(), /nothing \(0 bytes\)/],
    ["text", new TextEncoder().encode("(component)"), /text/],
    ["something binary", Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0x02, 0x01), /6 bytes that are not WebAssembly/],
    ["a core module", Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), /a core WebAssembly module/],
  ];
  for (const [what, bytes, message] of cases) {
    it(`are refused by saying what they are: ${what}`, async () => {
      const refused = freshEngine().prepare(bytes);
      await expect(refused).rejects.toThrow(NotAComponentError);
      await expect(refused).rejects.toThrow(message);
    });
  }

  it("are refused unseen when there are too many", async () => {
    const refused = freshEngine({ maxModuleBytes: 100 }).prepare(basic);
    await expect(refused).rejects.toMatchObject({
      code: "ENGINE_COMPONENT_TOO_LARGE",
      bytes: basic.length,
      maxModuleBytes: 100,
    });
    await expect(refused).rejects.toThrow(ComponentTooLargeError);
  });
});

describe("the functions of a component", () => {
  /** Two core modules; the second imports two functions and has two. */
  const four = `(component
    (core module $a (func (export "a")) (func (export "b")))
    (core module $b (import "a" "a" (func)) (import "a" "b" (func)) (func) (func)))`;

  it("are counted before it is prepared, those of all its modules together, and are too many by one", async () => {
    const bytes = await parse(four);
    const refused = freshEngine({ maxFunctions: 5 }).prepare(bytes);
    await expect(refused).rejects.toThrow(TooManyFunctionsError);
    await expect(refused).rejects.toMatchObject({ code: "ENGINE_TOO_MANY_FUNCTIONS", functions: 6, maxFunctions: 5 });
    expect((await freshEngine({ maxFunctions: 6 }).prepare(bytes)).exports).toEqual([]);
  });

  it("are counted before the tools could stumble over it", async () => {
    const refused = freshEngine({ maxFunctions: 1 }).prepare(await fixture("panics-transpiler"));
    await expect(refused).rejects.toMatchObject({ code: "ENGINE_PREPARATION_FAILED" });
    const many = `(component (core module ${"(func)".repeat(100_000)}))`;
    const directory = temporaryDirectory();
    const flooded = new Engine({ cacheDirectory: directory }).prepare(await parse(many));
    await expect(flooded).rejects.toMatchObject({ functions: 100_000, maxFunctions: 65_536 });
    expect(readdirSync(directory)).toEqual([]);
  });

  it("are compared also when another engine, which accepts more, prepared it", async () => {
    const cacheDirectory = temporaryDirectory();
    const bytes = await parse(four);
    await new Engine({ cacheDirectory }).prepare(bytes);
    const refused = new Engine({ cacheDirectory, maxFunctions: 3 }).prepare(bytes);
    await expect(refused).rejects.toMatchObject({ functions: 6, maxFunctions: 3 });
  });
});

describe("a corrupt component", () => {
  it("is refused with what is wrong, wherever it was cut, and harms nothing after it", async () => {
    const directory = temporaryDirectory();
    const engine = new Engine({ cacheDirectory: directory });
    const cuts = Array.from({ length: Math.ceil(basic.length / 16) }, (_, index) => index * 16).filter(
      (length) => length > 0,
    );
    const outcomes = await Promise.all(
      cuts.map((length) =>
        engine.prepare(basic.subarray(0, length)).then(
          ({ exports }) => exports.length,
          (error: unknown) => error,
        ),
      ),
    );
    // A cut between two sections leaves a smaller component, which is valid; all others are refused.
    const refused = outcomes.filter((outcome) => typeof outcome !== "number");
    expect(refused.length).toBeGreaterThan(cuts.length / 2);
    expect(refused.filter((outcome) => !(outcome instanceof CorruptComponentError))).toEqual([]);
    const component = await engine.prepare(basic);
    expect(component.instantiate().call("add", [2, 3])).toEqual({ ok: true, value: 5 });
    expect(readdirSync(directory).filter((name) => name.startsWith(".preparing"))).toEqual([]);
  });

  it("is refused when a core module in it is not valid", async () => {
    const bytes = basic.slice();
    const add = Buffer.from(bytes.buffer).indexOf(Buffer.of(0x20, 0x00, 0x20, 0x01, 0x6a, 0x0b));
    bytes[add + 4] = 0x7c;
    await expect(freshEngine().prepare(bytes)).rejects.toThrow(/corrupt: its core module 0 is not valid/);
  });

  it("is refused when its version is another", async () => {
    const bytes = basic.slice();
    bytes[4] = 0x0a;
    await expect(freshEngine().prepare(bytes)).rejects.toThrow(/its version is 0a 00 01 00, expected 0d 00 01 00/);
  });
});

describe("an unsupported component", () => {
  it("is refused with the name of what is missing", async () => {
    const refused = freshEngine().prepare(await fixture("shared-memory"));
    await expect(refused).rejects.toThrow(UnsupportedComponentError);
    await expect(refused).rejects.toMatchObject({ feature: "a shared or 64-bit memory" });
  });
});

describe("a name that could break out of generated code", () => {
  it("is refused", async () => {
    const refused = freshEngine().prepare(await fixture("odd-name"));
    await expect(refused).rejects.toMatchObject({
      code: expect.stringMatching(/^ENGINE_(UNSUPPORTED|CORRUPT)_COMPONENT$/),
    });
    expect("escaped" in globalThis).toBe(false);
  });
});

describe("a preparation that fails", () => {
  it("carries the tool's own words when the tool panics, and the next preparation is none the worse", async () => {
    const engine = freshEngine();
    const failed = engine.prepare(await fixture("panics-transpiler"));
    await expect(failed).rejects.toThrow(PreparationFailedError);
    await expect(failed).rejects.toMatchObject({
      failure: "crash",
      message: expect.stringContaining("failed to find component export"),
    });
    const component = await engine.prepare(basic);
    expect(component.instantiate().isAlive).toBe(true);
  });

  it("is killed when its time is over, and leaves nothing behind", async () => {
    const directory = temporaryDirectory();
    const hurried = new Engine({ cacheDirectory: directory, prepareTimeoutMs: 1 });
    await expect(hurried.prepare(basic)).rejects.toMatchObject({
      code: "ENGINE_PREPARATION_FAILED",
      failure: "timeout",
    });
    expect(readdirSync(directory)).toEqual([]);
    const component = await new Engine({ cacheDirectory: directory }).prepare(basic);
    expect(component.instantiate().isAlive).toBe(true);
  });

  it("is ended when it takes too much memory", async () => {
    const failed = freshEngine({ prepareMemoryBytes: 20 * 2 ** 20 }).prepare(basic);
    await expect(failed).rejects.toMatchObject({ code: "ENGINE_PREPARATION_FAILED", failure: "memory" });
  });
});

describe("the cache", () => {
  it("prepares the same bytes once for any number of callers at once", async () => {
    const directory = temporaryDirectory();
    const engine = new Engine({ cacheDirectory: directory });
    const [first, second] = await Promise.all([engine.prepare(basic), engine.prepare(basic.slice())]);
    expect(second).toBe(first);
    expect(artifacts(directory)).toHaveLength(1);
  });

  it("may be filled by several engines at once", async () => {
    const directory = temporaryDirectory();
    const engines = [new Engine({ cacheDirectory: directory }), new Engine({ cacheDirectory: directory })];
    const components = await Promise.all(engines.map((engine) => engine.prepare(basic)));
    for (const component of components)
      expect(component.instantiate().call("add", [1, 1])).toEqual({ ok: true, value: 2 });
    expect(artifacts(directory)).toHaveLength(1);
  });

  it("serves a later process without preparing again", async () => {
    const directory = temporaryDirectory();
    await new Engine({ cacheDirectory: directory }).prepare(basic);
    // A preparation could not end within a millisecond.
    const component = await new Engine({ cacheDirectory: directory, prepareTimeoutMs: 1 }).prepare(basic);
    expect(component.instantiate().call("add", [1, 2])).toEqual({ ok: true, value: 3 });
  });

  const damages: readonly (readonly [string, (file: string) => void])[] = [
    ["emptied", (file) => truncateSync(file)],
    ["cut", (file) => truncateSync(file, readFileSync(file).length - 1)],
    ["changed in its header", (file) => flip(file, 50)],
    ["changed in its digest", (file) => flip(file, 3)],
    ["changed at its end", (file) => flip(file, readFileSync(file).length - 1)],
    ["replaced by text", (file) => writeFileSync(file, "not an artifact at all, and longer than a digest")],
  ];
  for (const [how, damage] of damages) {
    it(`rebuilds an entry that was ${how}`, async () => {
      const directory = temporaryDirectory();
      await new Engine({ cacheDirectory: directory }).prepare(basic);
      const file = join(directory, artifacts(directory)[0] ?? "");
      damage(file);
      const component = await new Engine({ cacheDirectory: directory }).prepare(basic);
      expect(component.instantiate().call("add", [1, 2])).toEqual({ ok: true, value: 3 });
      // Whole again: nobody could prepare it within a millisecond.
      await new Engine({ cacheDirectory: directory, prepareTimeoutMs: 1 }).prepare(basic);
      expect(artifacts(directory)).toHaveLength(1);
    });
  }

  it("rebuilds compiled code that was changed", async () => {
    const directory = temporaryDirectory();
    await new Engine({ cacheDirectory: directory }).prepare(basic);
    const file = join(directory, readdirSync(directory).find((name) => name.includes(".v8-")) ?? "");
    flip(file, 1000);
    const damaged = readFileSync(file);
    const component = await new Engine({ cacheDirectory: directory }).prepare(basic);
    expect(component.instantiate().call("add", [1, 2])).toEqual({ ok: true, value: 3 });
    expect(readFileSync(file).equals(damaged)).toBe(false);
  });

  it("rebuilds an entry that is the whole artifact of another component", async () => {
    const cacheDirectory = temporaryDirectory();
    const [one, two] = await Promise.all([answering(1), answering(2)]);
    await new Engine({ cacheDirectory }).prepare(one);
    const [fileOfOne = ""] = artifacts(cacheDirectory);
    await new Engine({ cacheDirectory }).prepare(two);
    const fileOfTwo = artifacts(cacheDirectory).find((name) => name !== fileOfOne) ?? "";
    copyFileSync(join(cacheDirectory, fileOfOne), join(cacheDirectory, fileOfTwo));
    const component = await new Engine({ cacheDirectory }).prepare(two);
    expect(component.instantiate().call("go")).toEqual({ ok: true, value: 2 });
  });

  it("does not take the compiled code of another component for its own", async () => {
    const cacheDirectory = temporaryDirectory();
    const compiledCode = (): string[] => readdirSync(cacheDirectory).filter((name) => name.includes(".v8-"));
    const [one, two] = await Promise.all([answering(1), answering(2, "of")]);
    await new Engine({ cacheDirectory }).prepare(one);
    const [codeOfOne = ""] = compiledCode();
    await new Engine({ cacheDirectory }).prepare(two);
    const codeOfTwo = compiledCode().find((name) => name !== codeOfOne) ?? "";
    copyFileSync(join(cacheDirectory, codeOfOne), join(cacheDirectory, codeOfTwo));
    const component = await new Engine({ cacheDirectory }).prepare(two);
    expect(component.instantiate().call("of")).toEqual({ ok: true, value: 2 });
  });

  it("is only asked to keep compiled code, which it may not be able to", async () => {
    const cacheDirectory = temporaryDirectory();
    await new Engine({ cacheDirectory }).prepare(basic);
    const file = join(cacheDirectory, readdirSync(cacheDirectory).find((name) => name.includes(".v8-")) ?? "");
    rmSync(file);
    mkdirSync(join(file, "in-the-way"), { recursive: true });
    const component = await new Engine({ cacheDirectory }).prepare(basic);
    expect(component.instantiate().call("add", [1, 2])).toEqual({ ok: true, value: 3 });
    expect(readdirSync(cacheDirectory).filter((name) => name.endsWith(".draft"))).toEqual([]);
  });

  it("says what the file system refused", async () => {
    const cacheDirectory = temporaryDirectory();
    await new Engine({ cacheDirectory }).prepare(basic);
    const file = join(cacheDirectory, artifacts(cacheDirectory)[0] ?? "");
    rmSync(file);
    mkdirSync(file);
    const failed = new Engine({ cacheDirectory }).prepare(basic);
    await expect(failed).rejects.toThrow(CacheError);
    await expect(failed).rejects.toMatchObject({ code: "ENGINE_CACHE", cause: { code: "EISDIR" } });
  });

  it("is refused where others could put code into it", async () => {
    const trusted = temporaryDirectory();
    const [link, file, open, foreign] = ["link", "file", "open", "foreign"].map((name) => join(trusted, name));
    symlinkSync(temporaryDirectory(), link ?? "");
    writeFileSync(file ?? "", "");
    for (const directory of [open, foreign]) mkdirSync(directory ?? "");
    chmodSync(open ?? "", 0o770);
    const problems: [string | undefined, RegExp][] = [
      [link, /symbolic link/],
      [`${link}/`, /symbolic link/],
      [file, /not a directory/],
      [open, /others may write to it \(mode 770\)/],
    ];
    // Only root can give a directory away.
    if (process.geteuid?.() === 0) {
      chownSync(foreign ?? "", 65_534, 65_534);
      problems.push([foreign, /belongs to user 65534/]);
    }
    for (const [cacheDirectory = "", problem] of problems) {
      const refused = new Engine({ cacheDirectory }).prepare(basic);
      await expect(refused).rejects.toThrow(CacheError);
      await expect(refused).rejects.toThrow(problem);
    }
  });

  it("is rid of what a killed process left in it, and keeps what may still be written", async () => {
    const directory = temporaryDirectory();
    const paths = (age: string): string[] => [
      join(directory, `.preparing-${age}`),
      join(directory, `${age}.v8-1.draft`),
    ];
    for (const age of ["old", "new"]) {
      const [preparation = "", draft = ""] = paths(age);
      mkdirSync(preparation);
      writeFileSync(draft, age);
    }
    for (const path of paths("old")) utimesSync(path, 0, 0);
    await new Engine({ cacheDirectory: directory }).prepare(basic);
    expect(paths("old").filter((path) => existsSync(path))).toEqual([]);
    expect(paths("new").filter((path) => existsSync(path))).toEqual(paths("new"));
  });

  it("is created where it is missing", async () => {
    const directory = join(temporaryDirectory(), "deep", "down");
    await new Engine({ cacheDirectory: directory }).prepare(basic);
    expect(existsSync(directory)).toBe(true);
  });
});

describe("the key of an entry", () => {
  it("changes with any of the engine's sources, by name or content, and with nothing else", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "deep"));
    const write = (name: string, content: string): void => writeFileSync(join(directory, name), content);
    const seen = new Set<string>();
    for (const change of [
      (): void => write("one.ts", "1"),
      (): void => write("one.ts", "2"),
      (): void => write("deep/two.ts", ""),
      (): void => rmSync(join(directory, "one.ts")),
    ]) {
      change();
      seen.add(digestOfSources(directory, ".ts"));
    }
    expect(seen.size).toBe(4);
    write("notes.md", "nothing of the engine");
    seen.add(digestOfSources(directory, ".ts"));
    expect(seen.size).toBe(4);
  });
});

describe("engine options", () => {
  it("are refused by name when they cannot be used", () => {
    const cacheDirectory = "unused";
    expect(() => new Engine({ cacheDirectory: "" })).toThrow(BadOptionError);
    expect(() => new Engine({ cacheDirectory, prepareTimeoutMs: 0 })).toThrow(/prepareTimeoutMs/);
    expect(() => new Engine({ cacheDirectory, prepareConcurrency: 1.5 })).toThrow(EngineError);
  });
});

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(file, bytes);
}
