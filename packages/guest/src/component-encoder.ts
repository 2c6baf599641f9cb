import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import type { Compilation } from "./compilation.ts";
import { GuestBuildError } from "./errors.ts";
import { toolMessage } from "./tool-message.ts";

/** Makes a component of a core module whose imports and exports carry canonical ABI names. */
export async function encodeComponent(module: Uint8Array, compilation: Compilation): Promise<Uint8Array> {
  try {
    const embedded = await componentEmbed({ binary: module, witSource: compilation.wit, world: compilation.world });
    return await componentNew(embedded);
  } catch (cause) {
    throw new GuestBuildError(toolMessage(cause), { file: compilation.source }, { cause });
  }
}
