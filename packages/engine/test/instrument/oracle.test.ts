import { createHash } from "node:crypto";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { instrument } from "../../src/instrument/instrument.ts";
import { wasm, type WasmGlobal } from "../../src/webassembly.ts";
import { call, confine } from "./confined.ts";
import { type GeneratedModule, generateModule } from "./module-generator.ts";
import { addNaiveMeter, SPENT_EXPORT } from "./naive-meter.ts";
import { Random } from "./random.ts";

/** More with the variable set: `ENGINE_GENERATED_MODULES=5000`. */
const MODULES = Number(process.env["ENGINE_GENERATED_MODULES"] ?? 400);
const AT_ONCE = 50;

/** What came of one call. */
interface Outcome {
  readonly result: string;
  readonly isTrap: boolean;
  /** A digest of the memory it left. */
  readonly memory: string;
  /** The fuel of this call; none where nothing meters. */
  readonly fuel?: number;
}

interface Runner {
  readonly exports: object;
  readonly begin?: () => void;
  readonly spent?: () => number;
}

function runPlain(module: Uint8Array): Runner {
  return new wasm.Instance(new wasm.Module(module));
}

function runNaive(module: Uint8Array): Runner {
  const { exports } = new wasm.Instance(new wasm.Module(addNaiveMeter(module)));
  const total: WasmGlobal<bigint> = Reflect.get(Object(exports), SPENT_EXPORT);
  let before = total.value;
  return {
    exports,
    begin: () => {
      before = total.value;
    },
    spent: () => Number(total.value - before),
  };
}

function runConfined(module: Uint8Array): Runner {
  const { exports, confinement } = confine(module, {}, { deadlineMs: undefined });
  return { exports, begin: () => confinement.begin(), spent: () => confinement.usage.fuel };
}

/** Calls each function with the same arguments until one traps: what comes after a trap, no host would see. */
function outcomes({ exports, begin, spent }: Runner, { functions }: GeneratedModule, seed: number): Outcome[] {
  const random = new Random(seed);
  const calls = [...functions, ...functions].map(({ name, parameters }) => ({
    name: name.slice(1),
    values: parameters.map((type) => (type === "i64" ? BigInt(random.next()) : random.below(100) - 20)),
  }));
  const found: Outcome[] = [];
  for (const { name, values } of calls) {
    begin?.();
    const { result, isTrap } = attempt(exports, name, values);
    const memory: { buffer: ArrayBuffer } = Reflect.get(exports, "memory");
    const outcome = {
      result,
      isTrap,
      memory: createHash("sha256").update(new Uint8Array(memory.buffer)).digest("hex"),
    };
    found.push(spent === undefined ? outcome : { ...outcome, fuel: spent() });
    if (isTrap) break;
  }
  return found;
}

function attempt(exports: object, name: string, values: readonly unknown[]): { result: string; isTrap: boolean } {
  try {
    const value = call(exports, name, ...values);
    return { result: Array.isArray(value) ? value.map(String).join(" ") : String(value), isTrap: false };
  } catch (thrown) {
    if (!(thrown instanceof wasm.Exception)) return { result: String(thrown), isTrap: true };
    const [number, isNumber] = payload(exports, thrown);
    return { result: isNumber ? `exception ${String(number)}` : "exception", isTrap: false };
  }
}

function payload(exports: object, exception: object): readonly [unknown, boolean] {
  const tag: unknown = Reflect.get(exports, "number");
  const is: (tag: unknown) => boolean = Reflect.get(exception, "is");
  const getArg: (tag: unknown, index: number) => unknown = Reflect.get(exception, "getArg");
  return is.call(exception, tag) ? [getArg.call(exception, tag, 0), true] : [undefined, false];
}

const generated = await Promise.all(
  Array.from({ length: MODULES }, async (_, seed) => {
    const module = generateModule(seed);
    return { seed, module, bytes: await parse(module.text) };
  }),
);

describe(`instrumented code, over ${MODULES} generated modules`, () => {
  it("is made of valid modules that use what matters", () => {
    expect(generated.filter(({ bytes }) => !wasm.validate(bytes))).toEqual([]);
    const text = generated.map(({ module }) => module.text).join("\n");
    for (const operator of [
      "loop",
      "br_table",
      "call_indirect",
      "call_ref",
      "return_call",
      "return_call_indirect",
      "try_table",
      "throw_ref",
      "catch_all",
      "rethrow",
      "delegate",
      "memory.grow",
      "memory.fill",
      "memory.copy",
      "table.grow",
      "table.init",
      "array.new",
      "struct.new",
      "i8x16.shuffle",
      "br_on_null",
      "unreachable",
    ]) {
      expect(text).toContain(operator);
    }
  });

  for (let first = 0; first < MODULES; first += AT_ONCE) {
    const some = generated.slice(first, first + AT_ONCE);
    it(`behaves as before and takes exactly the fuel of each operator that runs: ${first} to ${first + AT_ONCE - 1}`, () => {
      for (const { seed, module, bytes } of some) {
        const [plain, naive, confined, again] = [runPlain, runNaive, runConfined, runConfined].map((run) =>
          outcomes(run(bytes), module, seed),
        );
        expect(confined?.map(withoutFuel), `seed ${seed}`).toEqual(plain?.map(withoutFuel));
        expect(confined?.map(fuelOf), `seed ${seed}`).toEqual(naive?.map(fuelOf));
        expect(again, `seed ${seed}`).toEqual(confined);
      }
    });
  }

  it("ends in answers, exceptions and traps, so that each was compared", () => {
    const results = generated
      .slice(0, 100)
      .flatMap(({ seed, module, bytes }) => outcomes(runConfined(bytes), module, seed));
    expect(results.filter(({ isTrap }) => isTrap).length).toBeGreaterThan(5);
    expect(results.filter(({ result }) => result.startsWith("exception")).length).toBeGreaterThan(5);
    expect(results.filter(({ isTrap, fuel = 0 }) => !isTrap && fuel > 100).length).toBeGreaterThan(50);
  });

  it("is the same each time it is made", () => {
    for (const { bytes } of generated.slice(0, 50)) expect(instrument(bytes)).toEqual(instrument(bytes));
  });
});

function withoutFuel({ result, memory }: Outcome): readonly unknown[] {
  return [result, memory];
}

/** A trap leaves open how much of what was paid in advance was used. */
function fuelOf({ isTrap, fuel }: Outcome): number | undefined {
  return isTrap ? undefined : fuel;
}
