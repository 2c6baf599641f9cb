import { readFileSync, writeFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import {
  CorruptComponentError,
  PreparationFailedError,
  TooManyFunctionsError,
  UnsupportedComponentError,
} from "../errors.ts";
import { digestOf } from "../component-header.ts";
import { encodeArtifact } from "./artifact.ts";
import { FILE_MODE } from "./cache.ts";
import { isSystemError } from "./cache-directory.ts";
import type { PreparationOutcome, PreparationRequest } from "./child.ts";
import { transpileComponent } from "./transpiler.ts";
import { wasm } from "../webassembly.ts";

/** The thread that does the work of a preparation. */
async function run(request: PreparationRequest): Promise<PreparationOutcome> {
  const { digest, key, componentFile, artifactFile, maxFunctions } = request;
  try {
    const bytes = readFileSync(componentFile);
    if (digestOf(bytes) !== digest) return { kind: "rejected", problem: "its bytes changed on the way" };
    const artifact = encodeArtifact(key, await transpileComponent(digest, bytes, maxFunctions));
    writeFileSync(artifactFile, artifact, { mode: FILE_MODE });
    return { kind: "prepared" };
  } catch (error) {
    if (error instanceof CorruptComponentError) return { kind: "corrupt", problem: error.problem };
    if (error instanceof UnsupportedComponentError) return { kind: "unsupported", problem: error.feature };
    if (error instanceof TooManyFunctionsError) return { kind: "too-many-functions", functions: error.functions };
    const problem = error instanceof Error ? error.message : String(error);
    if (isSystemError(error)) return { kind: "storage", problem };
    if (error instanceof wasm.RuntimeError) return { kind: "crash", problem: `the tool panicked: ${problem}` };
    if (error instanceof PreparationFailedError) return { kind: "rejected", problem: error.problem };
    return { kind: "rejected", problem };
  }
}

const outcome = await run(workerData.request);
parentPort?.postMessage(outcome, []);
