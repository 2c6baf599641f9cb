import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { componentize } from "componentize-qjs";
import { beforeAll, describe, expect, it } from "vitest";
import { ComponentTrapError, MemoryLimitError, type PreparedComponent } from "../../src/index.ts";
import { freshEngine, temporaryDirectory, thrownBy } from "../fixtures.ts";

const WIT = `
package test:javascript@1.0.0;
interface surroundings {
  record found { arguments: list<string>, variables: list<tuple<string, string>>, directories: u32, globals: list<string> }
  look: func() -> found;
  say: func(text: string);
  fill: func(megabytes: u32) -> u32;
  divide: func(a: u32, b: u32) -> result<u32, string>;
  fail: func();
}
world guest {
  import wasi:cli/environment@0.2.12;
  import wasi:cli/stdout@0.2.12;
  import wasi:filesystem/preopens@0.2.12;
  export surroundings;
}
`;

const WASI: Readonly<Record<string, string>> = {
  "cli.wit": `package wasi:cli@0.2.12;
interface environment { get-environment: func() -> list<tuple<string, string>>; get-arguments: func() -> list<string>; }
interface stdout { use wasi:io/streams@0.2.12.{output-stream}; get-stdout: func() -> output-stream; }`,
  "io.wit": `package wasi:io@0.2.12;
interface error { resource error { to-debug-string: func() -> string; } }
interface streams {
  use error.{error};
  variant stream-error { last-operation-failed(error), closed }
  resource output-stream { blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>; }
}`,
  "filesystem.wit": `package wasi:filesystem@0.2.12;
interface types { resource descriptor; }
interface preopens { use types.{descriptor}; get-directories: func() -> list<tuple<descriptor, string>>; }`,
};

const SOURCE = `
import { getArguments, getEnvironment } from "wasi:cli/environment@0.2.12";
import { getStdout } from "wasi:cli/stdout@0.2.12";
import { getDirectories } from "wasi:filesystem/preopens@0.2.12";
const kept = [];
export const surroundings = {
  look() {
    return {
      arguments: getArguments(), variables: getEnvironment(), directories: getDirectories().length,
      globals: ["process", "require", "fetch", "Deno"].filter((name) => name in globalThis),
    };
  },
  say(text) { getStdout().blockingWriteAndFlush(Uint8Array.from([...text].map((c) => c.charCodeAt(0)))); },
  fill(megabytes) { for (let i = 0; i < megabytes; i += 1) kept.push(new Uint8Array(1048576).fill(i)); return kept.length; },
  divide(a, b) { if (b === 0) throw "by zero"; return Math.floor(a / b); },
  fail() { throw new Error("a bug of the guest"); },
};
`;

const NAME = "test:javascript/surroundings@1.0.0";

let component: PreparedComponent;
beforeAll(async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "guest.wit"), WIT);
  for (const [file, text] of Object.entries(WASI)) {
    mkdirSync(join(directory, "deps", file.replace(".wit", "")), { recursive: true });
    writeFileSync(join(directory, "deps", file.replace(".wit", ""), file), text);
  }
  const built = await componentize({ witPath: directory, jsSource: SOURCE, sync: true });
  component = await freshEngine().prepare(built.component);
});

describe("a guest written in JavaScript", () => {
  it("exports what its author wrote and nothing of its toolchain", () => {
    expect(component.exports).toEqual([{ name: NAME, functions: ["look", "say", "fill", "divide", "fail"] }]);
    expect(component.instantiate().exported("init")).toBeUndefined();
  });

  it("sees the arguments and variables it was given and nothing of the host", () => {
    const instance = component.instantiate({ wasi: { args: ["guest", "-v"], env: { TENANT: "blue" } } });
    expect(instance.call(`${NAME}#look`)).toEqual({
      ok: true,
      value: { arguments: ["guest", "-v"], variables: [["TENANT", "blue"]], directories: 0, globals: [] },
    });
    expect(component.instantiate().call(`${NAME}#look`)).toMatchObject({ value: { arguments: [], variables: [] } });
  });

  it("writes to the output of its own instance", () => {
    const outputs = ["", ""];
    const instances = outputs.map((_, index) =>
      component.instantiate({
        wasi: {
          stdout: (bytes) => {
            outputs[index] += Buffer.from(bytes).toString();
          },
        },
      }),
    );
    instances[0]?.call(`${NAME}#say`, ["one"]);
    instances[1]?.call(`${NAME}#say`, ["two"]);
    instances[0]?.call(`${NAME}#say`, ["!"]);
    expect(outputs).toEqual(["one!", "two"]);
  });

  it("answers with a WIT error by throwing a plain value", () => {
    const instance = component.instantiate();
    expect(instance.call(`${NAME}#divide`, [7, 2])).toEqual({ ok: true, value: 3 });
    expect(instance.call(`${NAME}#divide`, [7, 0])).toEqual({ ok: false, error: "by zero" });
    expect(instance.isAlive).toBe(true);
  });

  it("is dead after an error of its own, which it reports on its error output", () => {
    let report = "";
    const stderr = (bytes: Uint8Array): void => {
      report += Buffer.from(bytes).toString();
    };
    const instance = component.instantiate({ wasi: { stderr } });
    expect(thrownBy(() => instance.call(`${NAME}#fail`))).toBeInstanceOf(ComponentTrapError);
    expect(report).toContain("a bug of the guest");
    expect(instance.isAlive).toBe(false);
  });

  it("stays within its memory", () => {
    const limits = { memoryBytes: 8 * 2 ** 20 };
    const instance = component.instantiate({ limits });
    expect(instance.call(`${NAME}#fill`, [3])).toEqual({ ok: true, value: 3 });
    const error = thrownBy(() => instance.call(`${NAME}#fill`, [100]));
    expect(error).toBeInstanceOf(MemoryLimitError);
    expect(component.instantiate({ limits }).call(`${NAME}#fill`, [1])).toEqual({ ok: true, value: 1 });
  });
});
