import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildComponent, GuestError, type BuiltComponent, type GuestLanguage } from "../src/index.ts";

const wit = fileURLToPath(new URL("../../../wit/", import.meta.url));
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "airssys-guest-errors-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("GUEST_BUILD_FAILED", () => {
  it.each([
    ["wat", "(module\n  (func (local.get $x)))", 2, "unknown local"],
    ["typescript", "\nexport const x = ;", 2, "Expression expected"],
    ["typescript", "\n\nenum Colour { Red }", 3, "enum is not supported"],
    ["typescript", "const a: number = 1;\nnobody(a);", 2, "nobody is not defined"],
    ["assemblyscript", "export function f(): i32 {\n  return nobody;\n}", 2, "Cannot find name 'nobody'"],
  ] as const)(
    "names the file, the line and what the %s compiler said of %j",
    async (language, source, line, reason) => {
      const failure = await failureOf(language, source);
      expect(failure).toMatchObject({ code: "GUEST_BUILD_FAILED", position: { line } });
      expect(failure).toMatchObject({ reason: expect.stringContaining(reason) });
      expect(failure).toMatchObject({ message: expect.stringContaining(`source.${extensionOf(language)}:${line}:`) });
    },
  );

  it.each([
    ["wat", "(module)", "failed to find export"],
    ["wat", '(module (import "airssys:core-host/nope@1.0.0" "f" (func)))', "airssys:core-host/nope@1.0.0"],
    ["typescript", "export const componentLifecycle = { init() {} };", "exported function componentLifecycle.execute"],
    ["typescript", "export const other = 1;", "exported function componentLifecycle.init"],
    ["typescript", 'import { a } from "./missing.ts";\na();', "./missing.ts"],
    ["assemblyscript", 'import { a } from "./missing";\na();', "missing.ts"],
  ] as const)("says what is missing between a %s source %j and its world", async (language, source, reason) => {
    const failure = await failureOf(language, source);
    expect(failure).toMatchObject({ code: "GUEST_BUILD_FAILED", reason: expect.stringContaining(reason) });
  });

  it("finds the mistake in the file that was imported", async () => {
    await writeFile(join(folder, "imported.ts"), "\n\nlet = broken");
    const failure = await failureOf("typescript", 'import "./imported.ts";');
    expect(failure).toMatchObject({ position: { file: join(folder, "imported.ts"), line: 3 } });
  });
});

describe("GUEST_SOURCE_NOT_FOUND", () => {
  it.each(["wat", "typescript", "assemblyscript"] as const)(
    "names the %s source that is not there",
    async (language) => {
      const failure = await thrownBy(build(language, join(folder, "nowhere.ts")));
      expect(failure).toMatchObject({ code: "GUEST_SOURCE_NOT_FOUND", path: join(folder, "nowhere.ts") });
    },
  );
});

describe("GUEST_WIT_INVALID", () => {
  it("names the world that the WIT does not have", async () => {
    const failure = await failureOf("wat", "(module)", { world: "nobody" });
    expect(failure).toMatchObject({ code: "GUEST_WIT_INVALID", message: expect.stringContaining("nobody") });
  });

  it("names the directory that holds no WIT", async () => {
    const failure = await failureOf("wat", "(module)", { wit: join(folder, "nothing") });
    expect(failure).toMatchObject({ code: "GUEST_WIT_INVALID", directory: join(folder, "nothing") });
  });
});

describe("the error codes", () => {
  it("are each declared once and documented in the README", async () => {
    const declared = [...(await read("../src/errors.ts")).matchAll(/override readonly code = "(\w+)"/g)].map(
      ([, code]) => code,
    );
    const documented = [...(await read("../README.md")).matchAll(/^\| `(GUEST_\w+)`/gm)].map(([, code]) => code);
    expect(declared.length).toBeGreaterThan(0);
    expect(new Set(declared).size).toBe(declared.length);
    expect(new Set(documented)).toEqual(new Set(declared));
  });
});

async function failureOf(
  language: GuestLanguage,
  source: string,
  other: { readonly world?: string; readonly wit?: string } = {},
): Promise<GuestError> {
  const path = join(folder, `source.${extensionOf(language)}`);
  await writeFile(path, source);
  return thrownBy(build(language, path, other));
}

async function build(
  language: GuestLanguage,
  source: string,
  other: { readonly world?: string; readonly wit?: string } = {},
): Promise<BuiltComponent> {
  return buildComponent({ language, source, wit, world: "actor", output: join(folder, "out.wasm"), ...other });
}

async function thrownBy(work: Promise<unknown>): Promise<GuestError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof GuestError) return error;
    throw error;
  }
  throw new TypeError("nothing was thrown");
}

function extensionOf(language: GuestLanguage): string {
  return language === "wat" ? "wat" : "ts";
}

async function read(path: string): Promise<string> {
  return readFile(new URL(path, import.meta.url), "utf8");
}
