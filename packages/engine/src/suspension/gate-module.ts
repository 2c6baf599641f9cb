import { appendTo, concatenate, encodeName, SECTION, unsigned, writeSections } from "../instrument/sections.ts";

/*
 * JavaScript's interface has two sorts of imports: one that can suspend the guest, and fails when the guest was not entered in the way
 * that allows it, and one that cannot. Which one is right is known only when it is called: a start function, a destructor, or what
 * allocates memory for the host cannot be suspended, and uses the same imports. So the guest gets a third: a gate, which is a function
 * of WebAssembly that looks, and passes on to one or the other. It also stops a guest whose instance ended meanwhile, by a trap,
 * which no handler of the guest sees.
 */

/** What a gate looks at, in a global that all gates of an instance share. */
export const GUEST = { mayNotSuspend: 0, maySuspend: 1, isOver: 2 } as const;

/** What a gate module imports: the global, and for gate N the functions N of these two. */
export const GATE_IMPORTS = { state: "state", suspending: "suspending", plain: "plain" } as const;

/** The type of a gate: its value types, as in a core module. */
export interface GateType {
  readonly parameters: readonly number[];
  /** One or none. */
  readonly results: readonly number[];
}

const PREAMBLE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
const KIND = { function: 0, global: 3 } as const;
const FUNCTION_TYPE = 0x60;
const I32 = 0x7f;
const VOID = 0x40;
const MUTABLE = 1;
const OP = {
  unreachable: 0x00,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  call: 0x10,
  localGet: 0x20,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i32Eq: 0x46,
} as const;

/** A module that exports a gate of each type, named by its place. */
export function gateModule(types: readonly GateType[]): Uint8Array {
  const state = concatenate([encodeName(""), encodeName(GATE_IMPORTS.state), Uint8Array.of(KIND.global, I32, MUTABLE)]);
  const functions = [GATE_IMPORTS.suspending, GATE_IMPORTS.plain].flatMap((namespace) =>
    types.map((_, index) =>
      concatenate([encodeName(namespace), encodeName(String(index)), numbers(KIND.function, unsigned(index))]),
    ),
  );
  const exports = types.map((_, index) =>
    concatenate([encodeName(String(index)), numbers(KIND.function, unsigned(2 * types.length + index))]),
  );
  return writeSections(PREAMBLE, [
    { id: SECTION.type, body: vector(types.map(encodeType)) },
    { id: SECTION.import, body: vector([state, ...functions]) },
    { id: SECTION.function, body: vector(types.map((_, index) => numbers(unsigned(index)))) },
    { id: SECTION.export, body: vector(exports) },
    { id: SECTION.code, body: vector(types.map((type, index) => encodeGate(type, index, types.length + index))) },
  ]);
}

/** The body of a gate between the functions of these indices. While the host is at work, nothing it has the guest do can be suspended. */
function encodeGate(type: GateType, suspending: number, plain: number): Uint8Array {
  const code = numbers(
    0,
    stateIs(GUEST.maySuspend),
    OP.if,
    type.results[0] ?? VOID,
    setState(GUEST.mayNotSuspend),
    passOn(type, suspending),
    setState(GUEST.maySuspend),
    OP.else,
    passOn(type, plain),
    OP.end,
    OP.end,
  );
  return concatenate([numbers(unsigned(code.length)), code]);
}

/** Calls a function with the gate's arguments, and traps when the instance has ended meanwhile. */
function passOn({ parameters }: GateType, callee: number): number[] {
  const args = parameters.flatMap((_, index) => [OP.localGet, ...unsigned(index)]);
  return [...args, OP.call, ...unsigned(callee), ...stateIs(GUEST.isOver), OP.if, VOID, OP.unreachable, OP.end];
}

function stateIs(state: number): number[] {
  return [OP.globalGet, 0, OP.i32Const, state, OP.i32Eq];
}

function setState(state: number): number[] {
  return [OP.i32Const, state, OP.globalSet, 0];
}

function encodeType({ parameters, results }: GateType): Uint8Array {
  return numbers(FUNCTION_TYPE, unsigned(parameters.length), parameters, unsigned(results.length), results);
}

function vector(items: readonly Uint8Array[]): Uint8Array {
  return appendTo(Uint8Array.of(0), items);
}

function numbers(...parts: readonly (number | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flat());
}
