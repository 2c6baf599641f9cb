import { CorruptComponentError, UnsupportedComponentError } from "../errors.ts";
import { RESERVED_NAMESPACE } from "../instrument/provided-imports.ts";
import { wasm, type WasmModule } from "../webassembly.ts";
import { ByteReader } from "../wit/byte-reader.ts";
import { safeName } from "../wit/safe-names.ts";

/*
 * What a core module must not have, whatever the component does with it. Names are read by V8, which is what runs the module: no
 * other reading of the same bytes can differ from it.
 */

/** Throws CorruptComponentError for a module that is not valid, and UnsupportedComponentError for one that is not run. */
export function checkCoreModule(module: Uint8Array, subject: string, names: "core" | "written"): void {
  checkNames(module, subject, names);
  checkHeapUse(module);
}

/** Names end up in generated code, and one import namespace is the engine's own. */
function checkNames(module: Uint8Array, subject: string, names: "core" | "written"): void {
  const compiled = compile(module, subject);
  for (const entry of wasm.Module.imports(compiled)) {
    if (safeName(names, entry.module) === RESERVED_NAMESPACE) {
      throw new UnsupportedComponentError(`the reserved import namespace ${RESERVED_NAMESPACE}`);
    }
    safeName(names, entry.name);
  }
  for (const { name } of wasm.Module.exports(compiled)) safeName(names, name);
}

function compile(module: Uint8Array, subject: string): WasmModule {
  try {
    return new wasm.Module(module);
  } catch (cause) {
    throw new CorruptComponentError(`${subject} is not valid`, { cause });
  }
}

const SECTION = { type: 1, tag: 13 } as const;
const FORM = { rec: 0x4e, finalSub: 0x4f, sub: 0x50, array: 0x5e, struct: 0x5f, function: 0x60 } as const;

/** The value types that are no references: the four numbers and the vector. */
const FIRST_NUMBER_TYPE = 0x7b;
const NULLABLE_REFERENCE = 0x63;
const REFERENCE = 0x64;

/** What an exception may carry. Toolchains use one or two values. */
const MAX_EXCEPTION_VALUES = 8;

/** The parameters of a function type: how many, and whether one is a reference. */
interface Parameters {
  readonly count: number;
  readonly hasReference: boolean;
}

/**
 * Objects on V8's heap are not counted against the memory limit. Structs and arrays are refused; exceptions cannot hold on to each
 * other, and are small enough that the tables they may be kept in bound them.
 */
function checkHeapUse(module: Uint8Array): void {
  const reader = new ByteReader(module, 8);
  const types: Parameters[] = [];
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const body = new ByteReader(reader.take(reader.u32()));
    if (id === SECTION.type) body.vector(() => readTypes(body, types));
    else if (id === SECTION.tag) body.vector(() => checkTag(body, types));
  }
}

function checkTag(reader: ByteReader, types: readonly Parameters[]): void {
  reader.byte();
  const parameters = types[reader.u32()];
  if (parameters === undefined || parameters.hasReference || parameters.count > MAX_EXCEPTION_VALUES) {
    throw new UnsupportedComponentError(
      `an exception that carries a reference or more than ${MAX_EXCEPTION_VALUES} values`,
    );
  }
}

function readTypes(reader: ByteReader, types: Parameters[]): void {
  const form = reader.byte();
  switch (form) {
    case FORM.rec:
      reader.vector(() => readTypes(reader, types));
      break;
    case FORM.sub:
    case FORM.finalSub:
      reader.vector(() => reader.u32());
      readTypes(reader, types);
      break;
    case FORM.function:
      types.push(readParameters(reader));
      reader.vector(() => skipValueType(reader));
      break;
    case FORM.array:
    case FORM.struct:
      throw new UnsupportedComponentError("garbage-collected structs or arrays, whose memory no limit bounds");
    default:
      throw new UnsupportedComponentError(`a core type of kind 0x${form.toString(16)}`);
  }
}

function readParameters(reader: ByteReader): Parameters {
  const leads = reader.vector(() => skipValueType(reader));
  return { count: leads.length, hasReference: leads.some((lead) => lead < FIRST_NUMBER_TYPE) };
}

/** Moves past a value type and returns its first byte. A reference may be followed by its heap type, a number. */
function skipValueType(reader: ByteReader): number {
  const lead = reader.byte();
  if (lead === NULLABLE_REFERENCE || lead === REFERENCE) while (reader.byte() >= 0x80);
  return lead;
}
