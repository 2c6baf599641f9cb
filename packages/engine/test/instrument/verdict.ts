import { CorruptComponentError, UnsupportedComponentError } from "../../src/index.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { checkCoreModule } from "../../src/preparation/core-module-check.ts";
import { wasm } from "../../src/webassembly.ts";
import { KNOWN_REFUSALS } from "./known-refusals.ts";

/** What the engine may make of a core module. Anything else is told in words. */
export const RIGHT_VERDICTS: readonly string[] = ["instrumented", "corrupt", "unsupported"];

/** What the engine makes of a core module, held against what V8 thinks of it. */
export function verdict(module: Uint8Array): string {
  const isValid = wasm.validate(module);
  try {
    // The rewriter alone takes garbage-collected types.
    const { bytes } = instrument(module);
    if (!isValid) return "took what is not valid";
    if (!wasm.validate(bytes)) return "made something that is not valid";
    checkCoreModule(module, "a core module", "core");
    return "instrumented";
  } catch (error) {
    if (error instanceof CorruptComponentError && !isValid) return "corrupt";
    if (error instanceof UnsupportedComponentError && isValid && isKnown(error.feature)) return "unsupported";
    return `failed on ${isValid ? "a valid" : "an invalid"} module: ${String(error)}`;
  }
}

function isKnown(refused: string): boolean {
  return KNOWN_REFUSALS.some(({ feature }) => feature.test(refused));
}
