import { setFlagsFromString } from "node:v8";

/** The first V8 that looks up a dying wrapper without taking it. Node 24 has 13.6. */
const SAFE_SINCE = 14;

/**
 * Has V8 keep compiled WebAssembly code until its module is gone; for the whole process, threads included. V8 compiles a wrapper for each
 * type of function that guests import, once such a function was called 1,000 times, and all threads share the wrappers. In older versions,
 * a thread that looks up a wrapper while another one collects it has it freed twice, and that ends the process: any guest that calls
 * the host often can bring it about. What is never collected cannot be freed twice. Calls cost the same; code that was replaced by
 * faster code of its module, and one wrapper for each type of function, stay in memory.
 */
export function keepCompiledCode(version: string = process.versions.v8): void {
  if (Number.parseInt(version, 10) < SAFE_SINCE) setFlagsFromString("--no-wasm-code-gc");
}
