import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { systemCodeOf } from "../../src/errors.ts";
import { OslError } from "../../src/index.ts";
import { holdDirectory, holdEntry, requireHolding } from "../../src/files/held-entry.ts";
import { bytesOf, codeOf, filesBelow, sampleAccess, temporaryFolder, textOf } from "../sample-access.ts";

/** Exchanges a file or a folder and a link to what is secret, as fast as a thread can. */
const SWAPPER = `
const { workerData, parentPort } = require("node:worker_threads");
const { renameSync } = require("node:fs");
const { link, real, aside } = workerData;
const stop = new Int32Array(workerData.stop);
function move(from, to) {
  try {
    renameSync(from, to);
  } catch {
    // It was removed meanwhile.
  }
}
parentPort.postMessage("running");
while (Atomics.load(stop, 0) === 0) {
  move(real, aside);
  move(link, real);
  move(real, link);
  move(aside, real);
}
`;

async function whileSwapping(
  places: { readonly link: string; readonly real: string; readonly aside: string },
  attack: () => Promise<void>,
): Promise<void> {
  const stop = new SharedArrayBuffer(4);
  const worker = new Worker(SWAPPER, { eval: true, workerData: { ...places, stop } });
  try {
    await once(worker, "message");
    await attack();
  } finally {
    const exited = once(worker, "exit");
    Atomics.store(new Int32Array(stop), 0, 1);
    await exited;
  }
}

const ROUNDS = 300;

interface Scene {
  readonly folder: string;
  readonly outside: string;
}

function scene(): Scene {
  const outside = temporaryFolder();
  const folder = `${outside}/granted`;
  mkdirSync(`${folder}/sub`, { recursive: true });
  mkdirSync(`${outside}/private`);
  writeFileSync(`${folder}/sub/file`, "public");
  writeFileSync(`${outside}/private/file`, "secret");
  return { folder, outside };
}

const ALLOWED = new Set(["public", "OSL_DENIED", "OSL_PATH_CHANGED", "OSL_FAILED"]);

/** Runs it many times, and on until the link was met; gives all that came of it. */
async function outcomes(run: () => Promise<string>): Promise<readonly string[]> {
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS || !(seen.has("OSL_DENIED") || seen.has("OSL_PATH_CHANGED")); round += 1) {
    try {
      seen.add(await run());
    } catch (error) {
      if (!(error instanceof OslError)) throw error;
      seen.add(error.code);
    }
  }
  return [...seen];
}

describe("a link that is swapped in while an operation runs", () => {
  it("never shows what it leads to: the file", async () => {
    const { folder, outside } = scene();
    const [link, real, aside] = [`${folder}/sub/link`, `${folder}/sub/file`, `${folder}/sub/aside`];
    symlinkSync(`${outside}/private/file`, link);
    const { access } = sampleAccess(filesBelow(folder));
    await whileSwapping({ link, real, aside }, async () => {
      const seen = await outcomes(async () => textOf(await access.run({ kind: "file.read", path: real })));
      expect(seen.filter((each) => !ALLOWED.has(each))).toEqual([]);
    });
  });

  it("never shows what it leads to: the folder", async () => {
    const { folder, outside } = scene();
    const [link, real, aside] = [`${folder}/link`, `${folder}/sub`, `${folder}/aside`];
    symlinkSync(`${outside}/private`, link);
    const { access } = sampleAccess(filesBelow(folder));
    await whileSwapping({ link, real, aside }, async () => {
      const seen = await outcomes(async () => textOf(await access.run({ kind: "file.read", path: `${real}/file` })));
      expect(seen.filter((each) => !ALLOWED.has(each))).toEqual([]);
    });
  });

  it.each(["file.write", "file.append"] as const)("never leads outside: %s", async (kind) => {
    const { folder, outside } = scene();
    const [link, real, aside] = [`${folder}/link`, `${folder}/sub`, `${folder}/aside`];
    symlinkSync(`${outside}/private`, link);
    const { access } = sampleAccess(filesBelow(folder));
    await whileSwapping({ link, real, aside }, async () => {
      await outcomes(async () => {
        await access.run({ kind, path: `${real}/file`, bytes: bytesOf("x") });
        return "written";
      });
    });
    expect(readFileSync(`${outside}/private/file`, "utf8")).toBe("secret");
  });

  it("never leads outside: making and deleting", async () => {
    const { folder, outside } = scene();
    const [link, real, aside] = [`${folder}/link`, `${folder}/sub`, `${folder}/aside`];
    symlinkSync(`${outside}/private`, link);
    const { access } = sampleAccess(filesBelow(folder));
    let round = 0;
    await whileSwapping({ link, real, aside }, async () => {
      await outcomes(async () => {
        round += 1;
        await access.run({ kind: "directory.create", path: `${real}/${round}` });
        return "made";
      });
      await outcomes(async () => {
        await access.run({ kind: "file.delete", path: `${real}/file` });
        return "deleted";
      });
    });
    expect(readdirSync(`${outside}/private`)).toEqual(["file"]);
  });

  it("never leads outside: removing all that is below", async () => {
    const { folder, outside } = scene();
    const tree = `${folder}/tree`;
    const [link, real, aside] = [`${tree}/link`, `${tree}/sub`, `${tree}/aside`];
    const { access } = sampleAccess(filesBelow(folder));
    await whileSwapping({ link, real, aside }, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        mkdirSync(tree, { recursive: true });
        mkdirSync(`${outside}/fresh`, { recursive: true });
        writeFileSync(`${outside}/fresh/file`, "");
        // Each may be there still, under one name or another.
        for (const make of [
          () => renameSync(`${outside}/fresh`, real),
          () => symlinkSync(`${outside}/private`, link),
        ]) {
          try {
            make();
          } catch (error) {
            if (!["EEXIST", "ENOTEMPTY", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) throw error;
          }
        }
        await codeOf(access.run({ kind: "directory.remove", path: tree, recursive: true }));
      }
    });
    expect(readdirSync(`${outside}/private`)).toEqual(["file"]);
  });
});

describe("a folder that is held", () => {
  const { signal } = new AbortController();

  it("is not entered over a link that came after it was decided on", async () => {
    const { folder, outside } = scene();
    symlinkSync(`${outside}/private`, `${folder}/link`);
    expect(await codeOf(holdDirectory(`${folder}/link`, signal))).toBe("OSL_PATH_CHANGED");
    expect(await codeOf(holdDirectory(`${folder}/link/deeper`, signal))).toBe("OSL_PATH_CHANGED");
  });

  it("is found out to have been moved before anything in it is touched", async () => {
    const { folder, outside } = scene();
    await using held = await holdDirectory(`${folder}/sub`, signal);
    renameSync(`${folder}/sub`, `${outside}/moved`);
    expect(await codeOf(held.verify())).toBe("OSL_PATH_CHANGED");
    expect(await codeOf(holdEntry(held, "file"))).toBe("OSL_PATH_CHANGED");
  });

  it("needs a system that shows open files", () => {
    expect(() => requireHolding("/proc/none")).toThrow(
      expect.objectContaining({ code: "OSL_PLATFORM_UNSUPPORTED" }) as Error,
    );
  });
});
