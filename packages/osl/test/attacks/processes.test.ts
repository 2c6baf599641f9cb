import { chmodSync, copyFileSync, existsSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import type { Argument } from "../../src/index.ts";
import { codeOf, sampleAccess, temporaryFolder, textOf } from "../sample-access.ts";
import { programIn, runningIn } from "../sample-program.ts";

describe("an argument", () => {
  it.each<readonly [string, string]>([
    ["separators", "; touch made"],
    ["a pipe", "| touch made"],
    ["a substitution", "$(touch made)"],
    ["backquotes", "`touch made`"],
    ["a line end", "a\ntouch made"],
    ["quotes", "\"'; touch made #"],
    ["a pattern", "*"],
    ["a variable", "$HOME"],
    ["a home folder", "~"],
    ["a redirection", "> made"],
    ["a percent sign", "%s%n"],
  ])("is read by no shell: %s", async (_name, text) => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "echo");
    const child = await access.run({ kind: "process.spawn", program, directory: folder, arguments: [text] });
    expect(textOf((await child.collect()).stdout)).toBe(`${text}\n`);
    expect(existsSync(`${folder}/made`)).toBe(false);
  });

  it.each<readonly [string, Argument]>([
    ["an option", "-rf"],
    ["a long option", "--output=/etc/passwd"],
    ["a single dash", "-"],
    ["NUL", "a\0b"],
    ["NUL in an option", { option: "-a\0b" }],
    ["half a character", "\uD800"],
    ["more than may be", "x".repeat(200_000)],
    ["no text", 7 as unknown as string],
  ])("is refused: %s", async (_name, argument) => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "echo");
    const run = access.run({ kind: "process.spawn", program, directory: folder, arguments: [argument] });
    expect(await codeOf(run)).toBe("OSL_OPERATION_INVALID");
  });
});

describe("a program", () => {
  it.each([
    ["that is not granted", "/usr/bin/id", "OSL_DENIED"],
    ["found on a path", "echo", "OSL_OPERATION_INVALID"],
    ["with a way out", "/usr/bin/../bin/echo", "OSL_OPERATION_INVALID"],
    ["with arguments in it", "/usr/bin/echo -n", "OSL_DENIED"],
  ])("is not started: one %s", async (_name, program, code) => {
    const folder = temporaryFolder();
    const { access } = programIn(folder, "echo");
    expect(await codeOf(access.run({ kind: "process.spawn", program, directory: folder }))).toBe(code);
  });

  it("is not started over a link to one that is not granted", async () => {
    const folder = temporaryFolder();
    symlinkSync(realpathSync("/usr/bin/id"), `${folder}/tool`);
    const { access } = sampleAccess([
      { kind: "spawn", program: `${folder}/tool` },
      { kind: "file", action: "list", path: folder },
    ]);
    expect(await codeOf(access.run({ kind: "process.spawn", program: `${folder}/tool`, directory: folder }))).toBe(
      "OSL_DENIED",
    );
  });

  it.each([
    ["a script", 0o755, "#!/bin/sh\ntouch made\n"],
    ["what a shell would be tried on", 0o755, "touch made\n"],
    ["for another processor", 0o755, "\x7FELF\x02\x01\x01".padEnd(64, "\0")],
    ["empty", 0o755, ""],
    ["not executable", 0o644, "text"],
    ["run as its owner", 0o4755, "text"],
    ["run as its group", 0o2755, "text"],
  ])("is not started when it is %s", async (_name, mode, text) => {
    const folder = temporaryFolder();
    const program = `${folder}/tool`;
    writeFileSync(program, text);
    chmodSync(program, mode);
    const { access } = sampleAccess([
      { kind: "spawn", program },
      { kind: "file", action: "list", path: folder },
    ]);
    expect(await codeOf(access.run({ kind: "process.spawn", program, directory: folder }))).toBe(
      "OSL_PROGRAM_UNSUITABLE",
    );
    expect(existsSync(`${folder}/made`)).toBe(false);
    expect(access.open).toBe(0);
  });

  it("does not run in a folder that is not granted", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "echo");
    expect(await codeOf(access.run({ kind: "process.spawn", program, directory: "/" }))).toBe("OSL_DENIED");
  });
});

describe("the environment of a process", () => {
  it("is empty, whatever this process has", async () => {
    vi.stubEnv("SECRET_TOKEN", "secret");
    vi.stubEnv("NODE_V8_COVERAGE", "/tmp/none");
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "env");
    const child = await access.run({ kind: "process.spawn", program, directory: folder });
    const { stdout } = await child.collect();
    vi.unstubAllEnvs();
    expect(textOf(stdout)).toBe("");
  });

  it.each([{ environment: { TOKEN: "x" } }, { inherit: ["TOKEN"] }])(
    "has nothing that is not granted: %j",
    async (given) => {
      const folder = temporaryFolder();
      const { access, program } = programIn(folder, "env");
      expect(await codeOf(access.run({ kind: "process.spawn", program, directory: folder, ...given }))).toBe(
        "OSL_DENIED",
      );
    },
  );

  it.each([
    "LD_PRELOAD",
    "ld_preload",
    "NODE_OPTIONS",
    "PATH",
    "BASH_ENV",
    "PYTHONPATH",
    "GIT_SSH_COMMAND",
    "A=B",
    "A\0",
    "",
    "1A",
  ])("has nothing that decides what code runs, nor what is no name: %j", async (variable) => {
    const folder = temporaryFolder();
    const { access, program, grants } = programIn(folder, "env");
    if (/^[A-Z_]+$/i.test(variable)) grants.grant({ kind: "environment", variable });
    for (const given of [{ environment: { [variable]: "x" } }, { inherit: [variable] }])
      expect(await codeOf(access.run({ kind: "process.spawn", program, directory: folder, ...given }))).toBe(
        "OSL_OPERATION_INVALID",
      );
  });

  it("takes nothing from what an object inherits", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "env");
    const environment = Object.create({ TOKEN: "x" }) as Record<string, string>;
    const child = await access.run({ kind: "process.spawn", program, directory: folder, environment });
    expect(textOf((await child.collect()).stdout)).toBe("");
  });
});

describe("a process that does not end", () => {
  it("is killed when its time is up", async () => {
    const folder = temporaryFolder();
    const { access, program, clock } = programIn(folder, "sleep");
    const child = await access.run({
      kind: "process.spawn",
      program,
      directory: folder,
      arguments: ["1000"],
      lifetimeMs: 5000,
    });
    const ended = codeOf(child.wait());
    clock.pass(5000);
    expect(await ended).toBe("OSL_TIMEOUT");
    expect(access.open).toBe(0);
  });

  it("is killed when its actor stops", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "sleep");
    const child = await access.run({ kind: "process.spawn", program, directory: folder, arguments: ["1000"] });
    expect(runningIn(folder)).toHaveLength(1);
    await access[Symbol.asyncDispose]();
    expect(await codeOf(child.wait())).toBe("OSL_CLOSED");
    await vi.waitUntil(() => runningIn(folder).length === 0);
  });

  it("is killed though it ignores being asked", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "sh");
    const child = await access.run({
      kind: "process.spawn",
      program,
      directory: folder,
      arguments: [{ option: "-c" }, "trap '' TERM; echo ready; while :; do :; done"],
    });
    for await (const _ready of child.stdout) break;
    child.kill("SIGTERM");
    expect(runningIn(folder)).toHaveLength(1);
    await access[Symbol.asyncDispose]();
    expect(await codeOf(child.wait())).toBe("OSL_CLOSED");
    await vi.waitUntil(() => runningIn(folder).length === 0);
  });

  it("takes what it started with it", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "sh");
    const child = await access.run({
      kind: "process.spawn",
      program,
      directory: folder,
      arguments: [{ option: "-c" }, "/usr/bin/sleep 1000 & echo started"],
    });
    // What was started has the same output, which ends only when all that have it do.
    const { exit, stdout } = await child.collect();
    expect([exit.code, textOf(stdout)]).toEqual([0, "started\n"]);
  });

  it("is not waited for longer than the caller says", async () => {
    const folder = temporaryFolder();
    const { access, program, clock } = programIn(folder, "sleep");
    const child = await access.run({ kind: "process.spawn", program, directory: folder, arguments: ["1000"] });
    const waited = codeOf(child.wait({ timeoutMs: 10 }));
    clock.pass(10);
    expect(await waited).toBe("OSL_TIMEOUT");
    const cancel = new AbortController();
    const collected = codeOf(child.collect({ signal: cancel.signal }));
    cancel.abort();
    expect(["OSL_CANCELLED", "OSL_CLOSED"]).toContain(await collected);
    expect(access.open).toBe(0);
  });

  it("is killed when it writes without end", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "yes", { limits: { outputBytes: 1_000_000 } });
    const child = await access.run({ kind: "process.spawn", program, directory: folder });
    expect(await codeOf(child.collect())).toBe("OSL_LIMIT_EXCEEDED");
    expect(access.open).toBe(0);
  });

  it("leaves no room for more than may be open", async () => {
    const folder = temporaryFolder();
    const { access, program } = programIn(folder, "cat", { limits: { open: 2 } });
    const spawn = () => access.run({ kind: "process.spawn", program, directory: folder });
    await Promise.all([spawn(), spawn()]);
    expect(await codeOf(spawn())).toBe("OSL_TOO_MANY_OPEN");
  });
});

describe("a program that nobody else has", () => {
  it("is started from where it is", async () => {
    const folder = temporaryFolder();
    const program = `${folder}/tool`;
    copyFileSync(realpathSync("/usr/bin/echo"), program);
    chmodSync(program, 0o755);
    const { access } = sampleAccess([
      { kind: "spawn", program },
      { kind: "file", action: "list", path: folder },
    ]);
    const child = await access.run({ kind: "process.spawn", program, directory: folder, arguments: ["own"] });
    expect(textOf((await child.collect()).stdout)).toBe("own\n");
  });
});
