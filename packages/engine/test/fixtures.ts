import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { afterAll } from "vitest";
import { Engine, type EngineOptions, type PreparedComponent } from "../src/index.ts";

/** The component of `fixtures/<name>.wat`. */
export function fixture(name: string): Promise<Uint8Array> {
  return parse(readFileSync(new URL(`fixtures/${name}.wat`, import.meta.url), "utf8"));
}

/** A new empty directory, removed after the tests of this file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "airssys-engine-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** An engine with a cache of its own. */
export function freshEngine(options: Omit<EngineOptions, "cacheDirectory"> = {}): Engine {
  return new Engine({ ...options, cacheDirectory: temporaryDirectory() });
}

/** Prepares fixtures, each once, with an engine of its own. */
export function preparer(
  options: Omit<EngineOptions, "cacheDirectory"> = {},
): (name: string) => Promise<PreparedComponent> {
  const engine = freshEngine(options);
  const prepared = new Map<string, Promise<PreparedComponent>>();
  return (name) => {
    const known = prepared.get(name) ?? fixture(name).then((bytes) => engine.prepare(bytes));
    prepared.set(name, known);
    return known;
  };
}

/** What `act` throws. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

/** A component whose only function answers with this digit. */
export function answering(digit: number, name = "go"): Promise<Uint8Array> {
  return parse(`(component (core module $m (func (export "go") (result i32) (i32.const ${digit})))
    (core instance $i (instantiate $m)) (func (export "${name}") (result u32) (canon lift (core func $i "go"))))`);
}

/** What a promise is rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
