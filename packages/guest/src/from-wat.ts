import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import type { Compilation } from "./compilation.ts";
import { encodeComponent } from "./component-encoder.ts";
import { GuestBuildError } from "./errors.ts";
import { toolMessage } from "./tool-message.ts";
import { readWorld } from "./world-shape.ts";

/** Builds a core module in text format whose imports and exports carry canonical ABI names. */
export async function compileWat(compilation: Compilation): Promise<Uint8Array> {
  const text = compilation.files.read(compilation.source);
  await readWorld(compilation);
  return encodeComponent(await assemble(text, compilation.source), compilation);
}

async function assemble(text: string, file: string): Promise<Uint8Array> {
  try {
    return await parse(text);
  } catch (cause) {
    const message = toolMessage(cause);
    const reason = /Custom\("(.*)"\)/.exec(message)?.[1] ?? message;
    throw new GuestBuildError(reason, { file, ...textPosition(message) }, { cause });
  }
}

/** The parser counts lines and columns from 0. */
function textPosition(message: string): { readonly line?: number; readonly column?: number } {
  const [, line, column] = /line: (\d+), col: (\d+)/.exec(message) ?? [];
  return line === undefined || column === undefined ? {} : { line: Number(line) + 1, column: Number(column) + 1 };
}
