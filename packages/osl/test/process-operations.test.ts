import { existsSync, realpathSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Argument } from "../src/index.ts";
import { bytesOf, sampleAccess, temporaryFolder, textOf } from "./sample-access.ts";
import { programIn } from "./sample-program.ts";

describe("a process", () => {
  it("gets its arguments one by one, its input, and gives its output and how it ended", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "cat");
    const child = await access.run({ kind: "process.spawn", program, directory: folder });
    await child.write(bytesOf("input"));
    const { exit, stdout, stderr } = await child.collect();
    expect([exit, textOf(stdout), textOf(stderr)]).toEqual([{ code: 0, signal: undefined }, "input", ""]);
  });

  it("runs in the directory it is given", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "ls");
    const child = await access.run({
      kind: "process.spawn",
      program,
      directory: folder,
      arguments: [{ option: "-a" }],
    });
    expect(textOf((await child.collect()).stdout)).toBe(".\n..\n");
  });

  it("without a directory has an empty one of its own, which is gone afterwards", async () => {
    const program = realpathSync("/usr/bin/pwd");
    const { access, records } = sampleAccess([{ kind: "spawn", program }]);
    const child = await access.run({ kind: "process.spawn", program });
    const directory = textOf((await child.collect()).stdout).trim();
    expect([directory.includes("airssys-"), existsSync(directory)]).toEqual([true, false]);
    expect(records.map(({ right }) => right)).toEqual(["spawn"]);
  });

  it.each<readonly Argument[]>([["a b"], ["a", "", "b"], [{ option: "-x" }, "y"]])(
    "is told %j and nothing else",
    async (...args) => {
      const folder = temporaryFolder();
      const { access, program } = programIn(folder, "echo");
      const child = await access.run({ kind: "process.spawn", program, directory: folder, arguments: args });
      const texts = args.map((each) => (typeof each === "string" ? each : each.option));
      expect(textOf((await child.collect()).stdout)).toBe(`${texts.join(" ")}\n`);
    },
  );

  it("says with what code it ended", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "false");
    const child = await access.run({ kind: "process.spawn", program, directory: folder });
    expect(await child.wait()).toEqual({ code: 1, signal: undefined });
  });

  it("ends by a signal it is sent", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "cat");
    const child = await access.run({ kind: "process.spawn", program, directory: folder });
    child.kill();
    expect(await child.wait()).toEqual({ code: undefined, signal: "SIGTERM" });
    expect(access.open).toBe(0);
  });

  it("has the variables it was granted and given", async () => {
    const folder = temporaryFolder();
    const program = realpathSync("/usr/bin/env");
    const { access } = sampleAccess([
      { kind: "spawn", program },
      { kind: "file", action: "list", path: folder },
      { kind: "environment", variable: "LANG" },
    ]);
    const child = await access.run({
      kind: "process.spawn",
      program,
      directory: folder,
      environment: { LANG: "de_DE.UTF-8" },
    });
    expect(textOf((await child.collect()).stdout)).toBe("LANG=de_DE.UTF-8\n");
  });
});
