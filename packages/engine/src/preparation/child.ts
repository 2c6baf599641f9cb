import { Worker } from "node:worker_threads";
import { bootData, THREAD_BOOT } from "../thread-boot.ts";

/*
 * The disposable process of one preparation. A thread does the work; the main thread stays free to watch the memory of the whole
 * process (a compiled tool's memory is outside the JavaScript heap, where no flag of Node bounds it) and to end it.
 */

/** What the engine asks of the child. */
export interface PreparationRequest {
  readonly digest: string;
  /** What the artifact is to say that it is for. */
  readonly key: string;
  readonly componentFile: string;
  readonly artifactFile: string;
  readonly memoryBytes: number;
  readonly maxFunctions: number;
}

/** What the child answers; when it dies without an answer, that is one too. */
export type PreparationOutcome =
  | { readonly kind: "prepared" }
  | { readonly kind: "too-many-functions"; readonly functions: number }
  | {
      readonly kind: "corrupt" | "unsupported" | "rejected" | "crash" | "memory" | "storage";
      readonly problem: string;
    };

const WATCH_EVERY_MS = 20;

/**
 * Answers, and is gone at once: leaving by `exit`, a process first waits for what V8 still compiles of the tools in the background, which took half a
 * second where it was measured. Only of a panic there is more to be said, on the error output.
 */
function answer(outcome: PreparationOutcome): void {
  process.send?.(outcome, () => {
    if (outcome.kind === "crash") process.exit(0);
    process.kill(process.pid, "SIGKILL");
  });
}

process.once("message", (request: PreparationRequest) => {
  const script = import.meta.url.replace(/child(\.[jt]s)$/, "worker$1");
  const worker = new Worker(THREAD_BOOT, { eval: true, workerData: { ...bootData(script), request } });
  worker.once("message", answer);
  worker.once("error", (error) => answer({ kind: "crash", problem: error.message }));
  setInterval(() => {
    const used = process.memoryUsage.rss();
    if (used > request.memoryBytes)
      answer({ kind: "memory", problem: `it used ${used} bytes of memory, limit ${request.memoryBytes}` });
  }, WATCH_EVERY_MS);
});

process.once("disconnect", () => process.exit(0));
