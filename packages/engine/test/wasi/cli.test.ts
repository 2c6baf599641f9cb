import { describe, expect, it } from "vitest";
import { ExitError } from "../../src/index.ts";
import { InputStream, OutputStream } from "../../src/wasi/streams.ts";
import { WasiInstance } from "../../src/wasi/wasi-instance.ts";
import { thrownBy } from "../fixtures.ts";
import { guestInterface, resource } from "./guest-interface.ts";

describe("the environment", () => {
  it("is what was given, and empty where nothing was", () => {
    const given = guestInterface("cli/environment", { args: ["tool", "-v"], env: { A: "1" }, cwd: "/data" });
    expect(given("getArguments")).toEqual(["tool", "-v"]);
    expect(given("getEnvironment")).toEqual([["A", "1"]]);
    expect(given("initialCwd")).toBe("/data");
    const nothing = guestInterface("cli/environment");
    expect(nothing("getArguments")).toEqual([]);
    expect(nothing("getEnvironment")).toEqual([]);
    expect(nothing("initialCwd")).toBeUndefined();
  });
});

describe("exit", () => {
  it("ends the instance with the status that was given", () => {
    const call = guestInterface("cli/exit");
    expect(thrownBy(() => call("exit", { tag: "ok" }))).toMatchObject({ code: "ENGINE_EXIT", status: 0 });
    expect(thrownBy(() => call("exit", { tag: "err" }))).toMatchObject({ code: "ENGINE_EXIT", status: 1 });
    expect(thrownBy(() => call("exitWithCode", 42))).toBeInstanceOf(ExitError);
    expect(thrownBy(() => call("exitWithCode", 42))).toMatchObject({ status: 42 });
  });
});

describe("standard input", () => {
  it("is one stream, whoever asks for it, in whatever release", () => {
    const wasi = new WasiInstance({ stdin: Uint8Array.of(1, 2, 3) });
    const streams = ["0.2.0", "0.2.6"].map((release) =>
      resource(InputStream, guestInterface("cli/stdin", wasi, release)("getStdin")),
    );
    expect(streams.map((stream) => stream.read(2n))).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3)]);
  });

  it("is at its end where none was given", () => {
    const stream = resource(InputStream, guestInterface("cli/stdin")("getStdin"));
    expect(thrownBy(() => stream.read(1n))).toEqual({ tag: "closed" });
  });
});

describe("standard output and error", () => {
  it("go each to where the host says, and nowhere where it says nothing", () => {
    const written: string[] = [];
    const take = (name: string) => (bytes: Uint8Array) => written.push(`${name} ${bytes.join(" ")}`);
    const options = { stdout: take("out"), stderr: take("err") };
    resource(OutputStream, guestInterface("cli/stdout", options)("getStdout")).write(Uint8Array.of(1));
    resource(OutputStream, guestInterface("cli/stderr", options)("getStderr")).write(Uint8Array.of(2));
    resource(OutputStream, guestInterface("cli/stdout")("getStdout")).write(Uint8Array.of(3));
    resource(OutputStream, guestInterface("cli/stderr")("getStderr")).write(Uint8Array.of(4));
    expect(written).toEqual(["out 1", "err 2"]);
  });

  it("are no terminal", () => {
    for (const [name, fn] of [
      ["stdin", "getTerminalStdin"],
      ["stdout", "getTerminalStdout"],
      ["stderr", "getTerminalStderr"],
    ] as const) {
      expect(guestInterface(`cli/terminal-${name}`)(fn)).toBeUndefined();
    }
  });
});
