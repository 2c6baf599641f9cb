import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  BlockingWaitError,
  ComponentTrapError,
  HostFileSystem,
  MemoryFileSystem,
  type PreparedComponent,
  runCommand,
  UnknownExportError,
  type WasiOptions,
} from "../../src/index.ts";
import { fixture, freshEngine, temporaryDirectory, thrownBy } from "../fixtures.ts";
import { fromAssemblyScript, fromC, fromRust, hasClang, hasRust, reactorFromC } from "./toolchains.ts";

interface Ran {
  readonly status: number;
  readonly output: readonly string[];
  readonly errors: string;
}

function run(component: PreparedComponent, wasi: WasiOptions = {}): Ran {
  let [output, errors] = ["", ""];
  const { status } = runCommand(component, {
    wasi: {
      ...wasi,
      stdout: (bytes) => (output += Buffer.from(bytes).toString()),
      stderr: (bytes) => (errors += Buffer.from(bytes).toString()),
    },
  });
  return { status, output: output.split("\n").filter((line) => line !== ""), errors };
}

describe.skipIf(!hasClang)("a program in C", () => {
  const prepared = fromLater(() => fromC("tool"));

  it("runs as it is, and sees what it was given", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "root"));
    writeFileSync(join(directory, "root", "in.txt"), "content");
    const files = new HostFileSystem(join(directory, "root"));
    const ran = run(await prepared(), {
      args: ["tool", "one", "two"],
      env: { TENANT: "blue" },
      stdin: Buffer.from("a\nb\n"),
      clock: { now: () => 1_000_000, monotonic: () => 0n },
      preopens: [{ guestPath: "/data", files, access: "read-write" }],
    });
    expect(ran).toEqual({
      status: 0,
      errors: "done\n",
      output: [
        "argument: one",
        "argument: two",
        "tenant: blue",
        "time: 1000",
        "input: a",
        "input: b",
        "read: ok",
        "content: ntent",
        "escape by path: refused",
        "escape from the root: refused",
        "write: ok",
        "append: ok",
        "mkdir: ok",
        "rename: ok",
        "symlink: ok",
        "size: 16",
        "opendir: ok",
        "entries: 5",
        "rmdir: Directory not empty",
        "unlink: ok",
      ],
    });
    expect(readFileSync(join(directory, "root/sub/out.txt"), "utf8")).toBe("written and more");
  });

  it("hears of what it may not do as any program does", async () => {
    const files = new MemoryFileSystem({ "in.txt": "content" });
    const { output, status } = run(await prepared(), {
      args: ["tool", "fail"],
      preopens: [{ guestPath: "/data", files, access: "read" }],
    });
    const refused = "Read-only file system";
    for (const what of ["write", "append", "mkdir", "symlink", "rmdir", "unlink"]) {
      expect(output).toContain(`${what}: ${refused}`);
    }
    expect(output).toContain("read: ok");
    expect(status).toBe(1);
    expect([...files.files().keys()]).toEqual(["in.txt"]);
  });

  it("finds no file where none was granted", async () => {
    const { output, status } = run(await prepared());
    expect(output).toContain("tenant: none");
    expect(output).toContain("escape from the root: refused");
    expect(output.filter((line) => line.endsWith(": ok"))).toEqual([]);
    expect(status).toBe(0);
  });
});

describe.skipIf(!hasClang)("a library in C", () => {
  it("is initialised, and keeps what it knows from call to call", async () => {
    const component = await freshEngine().prepare(await reactorFromC("counter"));
    let output = "";
    const stdout = (bytes: Uint8Array): void => {
      output += Buffer.from(bytes).toString();
    };
    const [one, other] = [{ START: "40" }, {}].map((env) => component.instantiate({ wasi: { env, stdout } }));
    expect([one?.call("next"), other?.call("next"), one?.call("next")]).toEqual([
      { ok: true, value: 41 },
      { ok: true, value: 1 },
      { ok: true, value: 42 },
    ]);
    expect(output).toBe("count is 41\ncount is 1\ncount is 42\n");
    expect(thrownBy(() => runCommand(component))).toBeInstanceOf(UnknownExportError);
  });
});

describe.skipIf(!hasRust)("a program in Rust", () => {
  const prepared = fromLater(() => fromRust("tool"));

  it("runs as it is, with its standard library", async () => {
    const files = new MemoryFileSystem({ "config.toml": "a = 1" });
    const ran = run(await prepared(), {
      args: ["tool", "--verbose"],
      stdin: Buffer.from("to be or\nnot to be"),
      preopens: [{ guestPath: "/data", files, access: "read-write" }],
    });
    expect(ran).toEqual({
      status: 0,
      errors: "done",
      output: [
        "argument: --verbose",
        'words: [("be", 2), ("not", 1), ("or", 1), ("to", 2)]',
        'config: Ok("a = 1")',
        "secret: Err(PermissionDenied)",
        "written: Ok(())",
        "entries: Ok(2)",
      ],
    });
    expect(Buffer.from(files.files().get("report.txt") ?? "").toString()).toBe("all is well");
  });

  it("sleeps where it may stop the thread, and is stopped where it may not", async () => {
    const component = await prepared();
    const env = { SLEEP: "1" };
    expect(run(component, { env, maxBlockMs: 100 })).toMatchObject({ status: 0, errors: "done" });
    expect(thrownBy(() => runCommand(component, { wasi: { env } }))).toBeInstanceOf(BlockingWaitError);
  });

  it("traps when it panics, and says why on its error output", async () => {
    const component = await prepared();
    let errors = "";
    const stderr = (bytes: Uint8Array): void => {
      errors += Buffer.from(bytes).toString();
    };
    const wasi = { env: { CRASH: "1" }, stderr };
    expect(thrownBy(() => runCommand(component, { wasi }))).toBeInstanceOf(ComponentTrapError);
    expect(errors).toContain("as was asked");
  });
});

describe("a program in AssemblyScript", () => {
  it("runs as it is", async () => {
    const component = await freshEngine().prepare(await fromAssemblyScript("echo"));
    const ran = run(component, { args: ["echo", "1", "2"], stdin: Buffer.from("again\n") });
    expect(ran).toEqual({ status: 0, output: ["again", "again"], errors: "" });
  });
});

describe("a component that is no command", () => {
  it("is not run as one", async () => {
    const component = await freshEngine().prepare(await fixture("basic"));
    expect(thrownBy(() => runCommand(component))).toMatchObject({
      code: "ENGINE_UNKNOWN_EXPORT",
      function: "wasi:cli/run@0.2.0#run",
    });
  });
});

/** Builds and prepares a component when it is first asked for. */
function fromLater(build: () => Promise<Uint8Array>): () => Promise<PreparedComponent> {
  let prepared: Promise<PreparedComponent> | undefined;
  return () => (prepared ??= build().then((bytes) => freshEngine().prepare(bytes)));
}
