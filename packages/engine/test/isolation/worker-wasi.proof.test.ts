import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HostFileSystem } from "../../src/index.ts";
import { temporaryDirectory } from "../fixtures.ts";
import { fromTypeScript } from "../wasi/toolchains.ts";
import { launcher, rejectionOf } from "./levels.ts";

const { engine, launch } = launcher("worker");

describe("a guest on a thread of its own", () => {
  it("works with the files of the host that it was granted", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "granted"));
    writeFileSync(join(directory, "granted", "a.txt"), "alpha");
    const component = await engine.prepare(await fromTypeScript("every-function"));
    const files = new HostFileSystem(join(directory, "granted"));
    const preopens = [{ guestPath: "/files", files, access: "read-write" as const }];
    await using instance = await component.launch({ isolation: "worker", wasi: { preopens, cwd: "/files" } });
    const answer = await instance.call("files");
    expect(answer).toMatchObject({ ok: true, value: expect.arrayContaining(["open-at refused: not-permitted"]) });
    expect(readFileSync(join(directory, "granted", "a.txt"), "utf8").slice(0, 6)).toBe("AlPHA?");
    expect(await instance.call("surroundings")).toMatchObject({
      value: expect.arrayContaining(['initial-cwd: "/files"']),
    });
  });

  it("waits for time to pass, which stops nobody else, and no longer than its call may take", async () => {
    const instance = await launch("wasi");
    const begun = process.hrtime.bigint();
    expect(await instance.call("sleep", [3_000_000n])).toMatchObject({ ok: true });
    expect(process.hrtime.bigint() - begun).toBeGreaterThanOrEqual(3_000_000n);
    const hurried = await launch("wasi", { limits: { deadlineMs: 300 } });
    expect(await rejectionOf(hurried.call("sleep", [3_600_000_000_000n]))).toMatchObject({
      code: "ENGINE_DEADLINE_EXCEEDED",
    });
    const refused = await launch("wasi", { wasi: { maxBlockMs: 1 } });
    expect(await rejectionOf(refused.call("sleep", [3_600_000_000_000n]))).toMatchObject({
      code: "ENGINE_BLOCKING_WAIT",
    });
  });

  it("waits by the clock that it was given, where that can be waited for", async () => {
    let at = 0n;
    const clock = {
      now: () => 0,
      monotonic: () => at,
      reach: (instant: bigint): Promise<void> => {
        at = instant;
        return Promise.resolve();
      },
    };
    const instance = await launch("wasi", { wasi: { clock } });
    expect(await instance.call("sleep", [10n ** 15n])).toMatchObject({ ok: true });
    expect(at).toBe(10n ** 15n);
    const { now, monotonic } = clock;
    const stuck = await launch("wasi", { wasi: { clock: { now, monotonic } } });
    expect(await rejectionOf(stuck.call("sleep", [1n]))).toMatchObject({ code: "ENGINE_BLOCKING_WAIT" });
  });
});
