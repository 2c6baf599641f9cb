import { type ChildProcess, fork } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CacheError,
  CorruptComponentError,
  EngineError,
  PreparationFailedError,
  TooManyFunctionsError,
  UnsupportedComponentError,
} from "../errors.ts";
import { compileCacheVariable } from "../thread-boot.ts";
import type { PreparationOutcome, PreparationRequest } from "./child.ts";

const childScript = fileURLToPath(
  new URL(`./child${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
);

/** How much of what the tool writes to its error output is kept for the error message. */
const KEPT_OUTPUT = 2_000;

/** Has a child process write the artifact; resolves when it is written, rejects with a typed error when it is not. */
export async function prepareInChild(request: PreparationRequest, timeoutMs: number): Promise<void> {
  const child = fork(childScript, [], {
    execArgv: [],
    env: compileCacheVariable(),
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const problem = problemOf(request, await outcomeOf(child, request, timeoutMs));
  if (problem !== undefined) throw problem;
}

type Ending = PreparationOutcome | { readonly kind: "timeout"; readonly problem: string };

/** Settles once the process is gone, so that nothing of it is left behind. */
function outcomeOf(child: ChildProcess, request: PreparationRequest, timeoutMs: number): Promise<Ending> {
  return new Promise((resolve) => {
    let outcome: PreparationOutcome | undefined;
    let output = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT);
    });
    child.once("message", (message: PreparationOutcome) => {
      outcome = message;
    });
    child.once("error", (error) => resolve({ kind: "crash", problem: error.message }));
    child.once("close", (status, signal) => {
      if (outcome !== undefined) resolve(withOutput(outcome, output));
      else if (child.killed) resolve({ kind: "timeout", problem: `it took longer than ${timeoutMs} ms` });
      else
        resolve({ kind: "crash", problem: `the process ended with ${signal ?? `status ${status}`}: ${output.trim()}` });
    });
    child.send(request, (error) => {
      if (error !== null) child.kill("SIGKILL");
    });
  });
}

/** A panic of the tool explains itself on the error output only. */
function withOutput(outcome: PreparationOutcome, output: string): PreparationOutcome {
  if (outcome.kind !== "crash" || output === "") return outcome;
  return { kind: "crash", problem: `${outcome.problem} (${output.trim()})` };
}

function problemOf(
  { digest, artifactFile, maxFunctions }: PreparationRequest,
  outcome: Ending,
): EngineError | undefined {
  switch (outcome.kind) {
    case "too-many-functions":
      return new TooManyFunctionsError(outcome.functions, maxFunctions);
    case "storage":
      return new CacheError(dirname(dirname(artifactFile)), outcome.problem);
    case "prepared":
      return undefined;
    case "corrupt":
      return new CorruptComponentError(outcome.problem);
    case "unsupported":
      return new UnsupportedComponentError(outcome.problem);
    case "rejected":
    case "crash":
    case "memory":
    case "timeout":
      return new PreparationFailedError(digest, outcome.kind, outcome.problem);
  }
}
