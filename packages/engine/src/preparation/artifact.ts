import { createHash } from "node:crypto";
import type { MemoryDeclaration } from "../instrument/memory-import.ts";
import type { FunctionImport } from "./function-imports.ts";
import type { WitWorld } from "../wit/wit-type.ts";

/** A core module of a component, rewritten so that the host bounds what it uses. */
export interface CoreModule {
  /** How the generated code asks for it. */
  readonly fileName: string;
  readonly memories: readonly MemoryDeclaration[];
  /** The elements that its own tables have from the start. */
  readonly tableElements: number;
  /** How often one instance of the component instantiates it. */
  readonly instantiations: number;
  readonly functionImports: readonly FunctionImport[];
}

/** What preparing a component produces: all that running it needs. */
export interface Artifact {
  readonly world: WitWorld;
  /** How many functions its core modules had together as they came, imported ones included. */
  readonly functions: number;
  readonly modules: readonly CoreModule[];
  /** A script whose value is the generated `instantiate`. */
  readonly code: string;
  /** The same for guests that can be suspended. */
  readonly suspendableCode: string;
  /** The bytes of each module, in the order of `modules`. */
  readonly moduleBytes: readonly Uint8Array[];
}

/*
 * One file: a SHA-256 of all that follows, the length of a JSON header, the header, the two scripts, the modules. One file can be
 * replaced in one step, also while other processes read it, and one digest covers every byte of it.
 */

interface Header {
  /** Of which entry of the cache this is the artifact. */
  readonly key: string;
  readonly world: WitWorld;
  readonly functions: number;
  readonly modules: readonly CoreModule[];
  readonly codeBytes: number;
  readonly suspendableCodeBytes: number;
  readonly moduleBytes: readonly number[];
}

const DIGEST_BYTES = 32;
const PREFIX_BYTES = DIGEST_BYTES + 4;

export function encodeArtifact(key: string, artifact: Artifact): Buffer {
  const code = Buffer.from(artifact.code);
  const moduleBytes = artifact.moduleBytes.map((bytes) => bytes.length);
  const suspendableCode = Buffer.from(artifact.suspendableCode);
  const { world, functions, modules } = artifact;
  const [codeBytes, suspendableCodeBytes] = [code.length, suspendableCode.length];
  const header: Header = { key, world, functions, modules, codeBytes, suspendableCodeBytes, moduleBytes };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const content = Buffer.concat([length, json, code, suspendableCode, ...artifact.moduleBytes]);
  return Buffer.concat([sha256(content), content]);
}

/** The artifact in a file, or undefined when any byte of the file is not what was written, or was written for another key. */
export function decodeArtifact(key: string, file: Buffer): Artifact | undefined {
  if (file.length < PREFIX_BYTES || !sha256(file.subarray(DIGEST_BYTES)).equals(file.subarray(0, DIGEST_BYTES)))
    return undefined;
  let offset = PREFIX_BYTES;
  const take = (length: number): Buffer => file.subarray(offset, (offset += length));
  const header: Header = JSON.parse(take(file.readUInt32LE(DIGEST_BYTES)).toString());
  if (header.key !== key) return undefined;
  const code = take(header.codeBytes).toString();
  const suspendableCode = take(header.suspendableCodeBytes).toString();
  const moduleBytes = header.moduleBytes.map(take);
  const { world, functions, modules } = header;
  return { world, functions, modules, code, suspendableCode, moduleBytes };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
