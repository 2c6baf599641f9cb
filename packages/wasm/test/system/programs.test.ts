import { realpathSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { runningIn } from "../../../osl/test/sample-program.ts";
import { waysToWait } from "../ways.ts";
import { temporaryFolder } from "../../../osl/test/sample-access.ts";
import { bytes, Operating } from "./operating.ts";

const program = (name: string): string => realpathSync(`/usr/bin/${name}`);

const value = (val: string): object => ({ tag: "value", val });
const option = (val: string): object => ({ tag: "option", val });

/** What a program is started with, which is an absent option in the words of QuickJS. */
const config = (name: string, more: object = {}): object => ({
  program: program(name),
  arguments: [],
  environment: [],
  directory: null,
  ...more,
});

/** Starts a program in a folder that would not end by itself. */
async function sleepIn(operator: Operating, directory: string): Promise<void> {
  const args = [config("sleep", { arguments: [value("1000")], directory })];
  expect(await operator.do({ call: "Child.spawn", args, keep: "p" })).toEqual({ ok: null });
}

describe.each(waysToWait())("programs of the machine, run %s", (_, way) => {
  it("are started with their arguments, given input, read and waited for", async () => {
    const operator = await Operating.start({ process: { spawn: [program("cat")] } }, {}, way);
    const args = [config("cat", { arguments: [option("-"), value("/dev/null")] })];
    expect(await operator.do({ call: "Child.spawn", args, keep: "p" })).toEqual({ ok: null });
    await operator.call("p.writeStdin", bytes("hello"));
    expect(await operator.call("p.readStdout", 2, 10_000)).toEqual({ ok: bytes("he") });
    await operator.call("p.writeStdin", bytes(""));
    expect(await operator.call("p.readStdout", 100, 10_000)).toEqual({ ok: bytes("llo") });
    expect(await operator.call("p.readStdout", 100, 10_000)).toEqual({ ok: bytes("") });
    expect(await operator.call("p.readStderr", 100, 10_000)).toEqual({ ok: bytes("") });
    expect(await operator.call("p.wait", 10_000)).toEqual({ ok: { tag: "exited", val: 0 } });
  });

  it("are sent signals, and killed", async () => {
    const operator = await Operating.start({ process: { spawn: [program("cat")] } }, {}, way);
    for (const [call, ...args] of [["p.signal", "terminate"], ["p.kill"]] as const) {
      await operator.do({ call: "Child.spawn", args: [config("cat")], keep: "p" });
      expect(await operator.call(call, ...args)).toEqual({ ok: null });
      const killed = { tag: "killed", val: call === "p.kill" ? "SIGKILL" : "SIGTERM" };
      expect(await operator.call("p.wait", 10_000)).toEqual({ ok: killed });
    }
  });

  it("have the variables they are given, as far as those are granted, and a directory of their own", async () => {
    const spawn = [program("env"), program("pwd")];
    const operator = await Operating.start({ process: { spawn }, environment: { variables: ["COLOUR"] } }, {}, way);
    await operator.do({ call: "Child.spawn", args: [config("env", { environment: [["COLOUR", "red"]] })], keep: "p" });
    expect(await operator.call("p.readStdout", 100, 10_000)).toEqual({ ok: bytes("COLOUR=red\n") });
    await operator.do({ call: "Child.spawn", args: [config("pwd")], keep: "p" });
    expect(await operator.call("p.readStdout", 200, 10_000)).toHaveProperty(
      "ok.latin1",
      expect.stringMatching(/airssys-/),
    );
  });
});

describe("a program that a component starts", () => {
  it("is waited for no longer than is said, and runs on", async () => {
    const operator = await Operating.start({ process: { spawn: [program("cat")] } });
    await operator.do({ call: "Child.spawn", args: [config("cat")], keep: "p" });
    for (const call of ["p.readStdout", "p.wait"]) {
      const waiting = operator.call(call, ...(call === "p.wait" ? [40] : [10, 40]));
      await operator.stage.armed(40);
      await operator.stage.clock.advance(40);
      expect(await waiting).toMatchObject({ err: { tag: "timeout" } });
    }
    await operator.call("p.writeStdin", bytes("on"));
    expect(await operator.call("p.readStdout", 10, 10_000)).toEqual({ ok: bytes("on") });
  });

  it("ends with the component", async () => {
    const folder = temporaryFolder();
    const operator = await Operating.start({ process: { spawn: [program("sleep")] }, filesystem: { list: [folder] } });
    await sleepIn(operator, folder);
    expect(runningIn(folder)).toHaveLength(1);
    await operator.stage.system.stop(operator.ref);
    expect(runningIn(folder)).toEqual([]);
  });

  it("ends with the instance that trapped", async () => {
    const folder = temporaryFolder();
    const operator = await Operating.start({ process: { spawn: [program("sleep")] }, filesystem: { list: [folder] } });
    await sleepIn(operator, folder);
    await expect(operator.do({ trap: true })).rejects.toMatchObject({ code: "RT_ACTOR_CRASHED" });
    await vi.waitFor(() => expect(runningIn(folder)).toEqual([]));
  });

  it("ends when it is dropped", async () => {
    const folder = temporaryFolder();
    const operator = await Operating.start({ process: { spawn: [program("sleep")] }, filesystem: { list: [folder] } });
    await sleepIn(operator, folder);
    expect(await operator.do({ drop: "p" })).toEqual({ ok: null });
    await vi.waitFor(() => expect(runningIn(folder)).toEqual([]));
  });
});

describe("a variable of the environment", () => {
  it("is told when it is granted and set, and no other", async () => {
    const environment = { LANG: "de", SECRET: "s" };
    const operator = await Operating.start({ environment: { variables: ["LANG", "UNSET"] } }, { environment });
    for (const [name, told] of [
      ["LANG", "de"],
      ["UNSET", null],
      ["SECRET", null],
      ["__proto__", null],
      ["constructor", null],
      ["", null],
    ] as const) {
      expect(await operator.call("environment.get", name)).toEqual({ ok: told });
    }
    expect(operator.granted).toEqual(["environment LANG", "environment UNSET"]);
    expect(operator.refused).toContain("environment SECRET");
  });
});

describe("an attack by a program", () => {
  it.each([
    ["that is another", "not-permitted", { program: "/bin/sh" }],
    ["by a relative path", "invalid-argument", { program: "cat" }],
    ["by a path that goes up", "invalid-argument", { program: "/usr/bin/../bin/cat" }],
    ["that is not there", "not-permitted", { program: "/usr/bin/nothing" }],
    ["with an option as a value", "invalid-argument", { arguments: [value("--help")] }],
    ["with a zero in an argument", "invalid-argument", { arguments: [value("a\0b")] }],
    ["with a loader's variable", "invalid-argument", { environment: [["LD_PRELOAD", "/tmp/evil.so"]] }],
    ["with a path of its own", "invalid-argument", { environment: [["PATH", "/tmp"]] }],
    ["with Node's options", "invalid-argument", { environment: [["NODE_OPTIONS", "--require=/tmp/evil.js"]] }],
    ["with a variable that is not granted", "not-permitted", { environment: [["SECRET", "x"]] }],
    [
      "with a variable twice",
      "invalid-argument",
      {
        environment: [
          ["A", "1"],
          ["A", "2"],
        ],
      },
    ],
    ["in a directory that is not granted", "not-permitted", { directory: "/etc" }],
    ["in a directory of the system", "not-permitted", { directory: "/proc/self" }],
  ])("%s starts nothing, and the operator sees it", async (_, tag, more) => {
    const operator = await Operating.start({ process: { spawn: [program("cat")] } });
    const outcome = await operator.do({ call: "Child.spawn", args: [config("cat", more)], keep: "p" });
    expect(outcome).toMatchObject({ err: { tag } });
    expect(operator.refused).toHaveLength(1);
  });

  it("that writes without end is ended, and the component is told", async () => {
    const operator = await Operating.start(
      { process: { spawn: [program("yes")] } },
      { limits: { outputBytes: 5_000 } },
    );
    await operator.do({ call: "Child.spawn", args: [config("yes")], keep: "p" });
    let outcome = await operator.call("p.readStdout", 1_000, 10_000);
    for (let at = 0; at < 10 && "ok" in outcome; at += 1) outcome = await operator.call("p.readStdout", 1_000, 10_000);
    expect(outcome).toMatchObject({ err: { tag: "quota-exceeded" } });
  });

  it("by starting without end gets as many as it may", async () => {
    const operator = await Operating.start({ process: { spawn: [program("cat")] } }, { limits: { open: 3 } });
    const outcomes = [];
    for (const keep of ["a", "b", "c", "d"]) {
      outcomes.push(await operator.do({ call: "Child.spawn", args: [config("cat")], keep }));
    }
    expect(outcomes.at(-1)).toMatchObject({ err: { tag: "quota-exceeded" } });
  });
});
