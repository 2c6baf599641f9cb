import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { UnsuitableProgramError } from "../errors.ts";
import { holdDirectory } from "../files/held-entry.ts";
import { type ResolvedPath, resolveTarget } from "../files/resolved-path.ts";
import type { SpawnOperation } from "../operation.ts";
import type { Performing } from "../performing.ts";
import { OsProcess } from "./os-process.ts";
import { holdProgram } from "./program.ts";

export async function spawnProcess(operation: SpawnOperation, performing: Performing): Promise<OsProcess> {
  const { authorize, signal, open } = performing;
  const program = await resolveProgram(operation.program, performing);
  const directory = await resolveTarget(operation.directory, "list", authorize);
  return open.hold(async () => {
    await using held = await holdProgram(program, signal);
    await using place = await holdDirectory(directory.path, signal);
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
    return new OsProcess(child, child.pid, operation, performing);
  });
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
  return Object.assign(variables, environment);
}
