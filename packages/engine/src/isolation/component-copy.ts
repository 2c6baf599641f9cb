import type { CompiledModule } from "../instance-memory.ts";
import type { WitWorld } from "../wit/wit-type.ts";

/** All that another thread needs to run a component. Compiled modules share their machine code, and the script comes with its own. */
export interface ComponentCopy {
  readonly digest: string;
  readonly world: WitWorld;
  readonly modules: readonly CompiledModule[];
  /** The script whose value is the generated `instantiate`. */
  readonly code: string;
  /** What V8 made of the script. */
  readonly codeCache: Uint8Array;
}
