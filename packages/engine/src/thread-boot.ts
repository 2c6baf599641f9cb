import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";

/*
 * Most of a thread's start is compiling what it loads. Where this process has Node's cache of compiled code enabled, the engine's threads and
 * child processes use it as well; they do not inherit it, and have to enable it before they load anything.
 */

/** The code with which a thread of the engine begins, given what `bootData` returns in its `workerData`. */
export const THREAD_BOOT = `import("node:worker_threads").then(async ({ workerData: { compileCache, script } }) => {
  if (compileCache !== undefined) (await import("node:module")).enableCompileCache(compileCache);
  await import(script);
});`;

/** What the thread is told: its script, by its URL, and where compiled code is kept, if it is. */
export function bootData(script: string): { readonly script: string; readonly compileCache: string | undefined } {
  return { script, compileCache: compileCacheDirectory() };
}

/** The same for a child process, among its variables. */
export function compileCacheVariable(): Readonly<Record<string, string>> {
  const directory = compileCacheDirectory();
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: directory };
}

/** Node keeps what is for this version of it in a folder below. */
function compileCacheDirectory(): string | undefined {
  const directory = getCompileCacheDir();
  return directory === undefined ? undefined : dirname(directory);
}
