import { execFile } from "node:child_process";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Engine } from "@airssys/engine";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { quantile } from "../quantile.ts";
import type { GaugedSubject, GaugedWorkload } from "../workload.ts";
import { counterGuest } from "./counter-guest.ts";
import { cacheDirectory } from "./prepared-cache.ts";

const run = promisify(execFile);

/** The median of what as many fresh processes say they took, in microseconds. */
async function inFreshProcesses(script: string, folder: string, processes: number): Promise<number> {
  const file = fileURLToPath(new URL(`cold-start/${script}`, import.meta.url));
  const times: number[] = [];
  for (let started = 0; started < processes; started += 1) {
    const { stdout } = await run(process.execPath, [file, folder]);
    times.push(Number(stdout));
  }
  return quantile(times, 0.5);
}

/** From the cache, which holds it prepared. */
const airssys: GaugedSubject = {
  name: "airssys",
  gauge: async (processes) => {
    await new Engine({ cacheDirectory }).prepare(await counterGuest());
    return [{ value: await inFreshProcesses("airssys.ts", cacheDirectory, processes) }];
  },
};

/** From the files that jco wrote. */
const bareJco: GaugedSubject = {
  name: "bare-jco",
  gauge: async (processes) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "airssys-bench-"));
    const { files } = await transpileBytes(await counterGuest(), { name: "counter", instantiation: "async" });
    await writeFile(join(folder.path, "package.json"), '{ "type": "module" }');
    for (const [name, content] of Object.entries(files)) {
      if (!name.includes("/")) await writeFile(join(folder.path, name), content);
    }
    return [{ value: await inFreshProcesses("bare-jco.ts", folder.path, processes) }];
  },
};

/** From what was prepared on disk to the first answer, in a process that has only loaded the library. */
export const componentColdStart: GaugedWorkload = {
  suite: "engine",
  name: "component-cold-start",
  figures: [{ name: "component-cold-start", unit: "us" }],
  size: 7,
  smallest: 1,
  subjects: [airssys, bareJco],
};
