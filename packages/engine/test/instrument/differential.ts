import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { wasm } from "../../src/webassembly.ts";
import { call } from "./confined.ts";
import { GeneratedHost } from "./generated-host.ts";
import { Choices } from "./generator/choices.ts";
import { type GeneratedModule, generateModule } from "./generator/module.ts";
import { Random } from "./random.ts";
import { interruptedly, naively, plainly, type Running, type WayToRun, within } from "./ways-to-run.ts";

/** What came of instantiating a module, or of one call. */
export interface Outcome {
  readonly kind: "answer" | "exception" | "trap";
  readonly result: string;
  /** What the module told its host, in order. */
  readonly notes: string;
  /** Its memories, globals and tables as it left them. */
  readonly state: string;
  /** The words of stack that an answer did not give back. */
  readonly stackInUse: number;
  /** None where nothing meters. */
  readonly fuel: number | undefined;
}

/** Decisions, and the module that they make. */
export interface Case {
  readonly choices: readonly number[];
  readonly module: GeneratedModule;
  readonly bytes: Uint8Array;
}

export async function caseOf(source: Random | readonly number[]): Promise<Case> {
  const choices = new Choices(source);
  const module = generateModule(choices);
  return { choices: choices.made, module, bytes: await parse(module.text) };
}

/** What comes of a module that is instantiated and called; what comes after a trap, no host would see. */
export function outcomes({ module, bytes }: Case, way: WayToRun): Outcome[] {
  const host = new GeneratedHost(module);
  const found: Outcome[] = [];
  let running: Running | undefined;
  const note = (act: () => unknown): boolean => {
    const attempted = attempt(running?.exports, act);
    const { kind, result } = running?.ranOut?.() === true ? OUT_OF_FUEL : attempted;
    const stackInUse = kind === "answer" ? (running?.stackInUse?.() ?? 0) : 0;
    found.push({ kind, result, notes: host.notes.join(), state: host.state, stackInUse, fuel: running?.spent?.() });
    return kind !== "trap";
  };
  const isRunning = note(() => {
    running = way(bytes, host);
    host.attach(running.exports);
  });
  if (!isRunning) return found;
  const random = new Random(1);
  for (const { name, parameters } of [...module.functions, ...module.functions]) {
    const given = parameters.map((type) => (type === "i64" ? BigInt(random.next()) : random.below(100) - 20));
    running?.begin?.();
    host.begin();
    if (!note(() => call(Object(running?.exports), name.slice(1), ...given))) break;
  }
  return found;
}

type Ending = Pick<Outcome, "kind" | "result">;

const OUT_OF_FUEL: Ending = { kind: "trap", result: "out of fuel" };

function attempt(exports: object | undefined, act: () => unknown): Ending {
  try {
    const value = act();
    return { kind: "answer", result: Array.isArray(value) ? value.map(String).join(" ") : String(value) };
  } catch (thrown) {
    if (!(thrown instanceof wasm.Exception)) return { kind: "trap", result: String(thrown) };
    // Out of a start function nothing is left that could be called.
    return { kind: exports === undefined ? "trap" : "exception", result: `exception ${payload(exports, thrown)}` };
  }
}

function payload(exports: object | undefined, exception: object): string {
  const tag: unknown = exports && Reflect.get(exports, "number");
  const is: (tag: unknown) => boolean = Reflect.get(exception, "is");
  const getArg: (tag: unknown, index: number) => unknown = Reflect.get(exception, "getArg");
  return tag !== undefined && is.call(exception, tag) ? String(getArg.call(exception, tag, 0)) : "";
}

/** What is wrong with the way in which the engine runs a module, or nothing. */
export function difference(subject: Case): string | undefined {
  if (!wasm.validate(subject.bytes)) return "the generated module is not valid";
  const plain = outcomes(subject, plainly);
  const naive = outcomes(subject, naively);
  const limited = outcomes(subject, within({}));
  const problem =
    different("the naive meter", naive.map(withoutFuel), plain.map(withoutFuel)) ??
    different("instrumented", limited.map(withoutFuel), plain.map(withoutFuel)) ??
    different("fuel", limited.map(fuelOf), naive.map(fuelOf)) ??
    different("interrupted", outcomes(subject, interruptedly).map(withExactFuel), limited.map(withExactFuel));
  // A call that traps is known to have taken some fuel, and not how much.
  if (problem !== undefined || limited.at(-1)?.kind === "trap") return problem;
  const most = Math.max(...limited.map(({ fuel = 0 }) => fuel));
  return (
    different("with just enough fuel", outcomes(subject, within({ fuelPerCall: most })), limited) ??
    stopped(outcomes(subject, within({ fuelPerCall: most - 1 })), limited)
  );
}

function different(what: string, found: readonly unknown[], expected: readonly unknown[]): string | undefined {
  const at = expected.findIndex((each, index) => JSON.stringify(found[index]) !== JSON.stringify(each));
  if (at === -1 && found.length === expected.length) return undefined;
  return `${what}: ${JSON.stringify(found[at])} instead of ${JSON.stringify(expected[at])} in call ${at}`;
}

/** One less than enough has to end it, and everything before that end has to be as it was. */
function stopped(found: readonly Outcome[], expected: readonly Outcome[]): string | undefined {
  const last = found.at(-1);
  // While it is instantiated nobody can ask it why it trapped.
  const isStopped = last?.result === "out of fuel" || (found.length === 1 && last?.kind === "trap");
  if (!isStopped) return "with too little fuel: it was not stopped";
  return different("before it was stopped", found.slice(0, -1), expected.slice(0, found.length - 1));
}

function withoutFuel(outcome: Outcome): Outcome {
  return { ...outcome, fuel: undefined };
}

function withExactFuel(outcome: Outcome): Outcome {
  return { ...outcome, fuel: fuelOf(outcome) };
}

/** A trap leaves open how much of what was paid in advance was used. */
function fuelOf({ kind, fuel }: Outcome): number | undefined {
  return kind === "trap" ? undefined : fuel;
}
