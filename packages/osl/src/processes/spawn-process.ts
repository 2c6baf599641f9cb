import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { UnsuitableProgramError } from "../errors.ts";
import { holdDirectory } from "../files/held-entry.ts";
import { type ResolvedPath, resolveTarget } from "../files/resolved-path.ts";
import { pairsOf } from "../named.ts";
import type { SpawnOperation } from "../operation.ts";
import type { Performing } from "../performing.ts";
import { OsProcess } from "./os-process.ts";
import { holdProgram } from "./program.ts";

export async function spawnProcess(operation: SpawnOperation, performing: Performing): Promise<OsProcess> {
  const { authorize, signal, open } = performing;
  const program = await resolveProgram(operation.program, performing);
  const granted =
    operation.directory === undefined ? undefined : await resolveTarget(operation.directory, "list", authorize);
  return open.hold(async () => {
    await using held = await holdProgram(program, signal);
    await using own = granted ? undefined : await ownDirectory();
    await using place = await holdDirectory(granted?.path ?? own?.path ?? "/", signal);
    signal.throwIfAborted();
    const child = spawn(
      held.place,
      operation.arguments?.map((each) => (typeof each === "string" ? each : each.option)),
      {
        argv0: operation.program,
        cwd: place.place,
        env: environmentOf(operation),
        shell: false,
        // A group of its own, so that what it starts in turn can be ended with it.
        detached: true,
        stdio: ["pipe", "pipe", "pipe"],
        windowsHide: true,
      },
    );
    await once(child, "spawn");
    // Its number is also that of its group: a wrong one would be somebody else's.
    if (child.pid === undefined) throw new UnsuitableProgramError(operation.program, "did not start");
    return new OsProcess(child, child.pid, operation, performing, own?.release());
  });
}

/** An empty directory, which is removed unless it was released: then whoever has it from there removes it. */
async function ownDirectory(): Promise<AsyncDisposable & { readonly path: string; release(): () => Promise<void> }> {
  // Where temporary files are may be a link; what is in the way must be none.
  const path = await mkdtemp(join(await realpath(tmpdir()), "airssys-"));
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  let isReleased = false;
  return {
    path,
    release() {
      isReleased = true;
      return remove;
    },
    [Symbol.asyncDispose]: async () => (isReleased ? undefined : remove()),
  };
}

async function resolveProgram(program: string, { authorize }: Performing): Promise<ResolvedPath> {
  const path = await realpath(program);
  if (path !== program) authorize({ kind: "spawn", program: path });
  return { path, parent: dirname(path), name: basename(path) };
}

function environmentOf({ environment = {}, inherit = [] }: SpawnOperation): NodeJS.ProcessEnv {
  // Without a prototype, as what is inherited from one would be passed on. Node adds this one variable unless it is said not to.
  const variables: NodeJS.ProcessEnv = Object.assign(Object.create(null), { NODE_V8_COVERAGE: undefined });
  for (const name of inherit) variables[name] = process.env[name];
  return Object.assign(variables, Object.fromEntries(pairsOf(environment)));
}
