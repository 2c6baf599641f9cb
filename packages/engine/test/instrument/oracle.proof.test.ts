import { describe, expect, it } from "vitest";
import { handedFunctions } from "../../src/instrument/handed-functions.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { readShape } from "../../src/instrument/module-shape.ts";
import { readSections } from "../../src/instrument/sections.ts";
import { wasm } from "../../src/webassembly.ts";
import { addNaiveMeter } from "./naive-meter.ts";
import { type Case, caseOf, difference, outcomes } from "./differential.ts";
import { explained } from "./explained.ts";
import { Random } from "./random.ts";
import { interruptedly, plainly, within } from "./ways-to-run.ts";

/** `node packages/engine/test/measure/proofs.ts` runs as many as one likes. */
const MODULES = 300;
const AT_ONCE = 50;

const generated: readonly Case[] = await Promise.all(
  Array.from({ length: MODULES }, (_, seed) => caseOf(new Random(seed))),
);

describe("generated modules", () => {
  it("are valid, and use all that matters", () => {
    expect(generated.filter(({ bytes }) => !wasm.validate(bytes))).toEqual([]);
    const text = generated.map(({ module }) => module.text).join("\n");
    const operators = new Set(text.match(/(?<=[\s(])[a-z][a-z0-9]*(?:[._][a-z0-9_.]+)?(?=[\s)])/g));
    expect(operators.size).toBeGreaterThan(260);
    for (const operator of USED) expect(operators).toContain(operator);
  });

  it("end in answers, exceptions and traps of many kinds, and tell their host things, so that each is compared", () => {
    const found = generated.flatMap((subject) => outcomes(subject, plainly));
    const traps = found.filter(({ kind }) => kind === "trap").map(({ result }) => result);
    expect(new Set(traps).size).toBeGreaterThanOrEqual(6);
    expect(traps.length).toBeGreaterThan(30);
    expect(found.filter(({ kind }) => kind === "exception").length).toBeGreaterThan(50);
    expect(found.filter(({ notes }) => notes.includes(",")).length).toBeGreaterThan(100);
    expect(found.filter(({ kind }) => kind === "answer").length).toBeGreaterThan(1_000);
  });

  it("have functions that are handed their fuel, some of them exported, and others that are not", () => {
    const shapes = generated.map(({ bytes }) => {
      const sections = readSections(bytes);
      const shape = readShape(sections);
      const { has, wrapped } = handedFunctions(sections, shape);
      const defined = shape.definedFunctions.map((_, index) => has(index + shape.importedFunctions));
      return {
        handed: defined.filter(Boolean).length,
        others: defined.filter((is) => !is).length,
        wrapped: wrapped.length,
      };
    });
    for (const kind of ["handed", "others", "wrapped"] as const) {
      expect(shapes.filter((shape) => shape[kind] > 0).length, kind).toBeGreaterThan(MODULES / 10);
    }
  });

  it("take enough fuel to be interrupted", () => {
    const some = generated.slice(0, 50);
    expect(
      some.flatMap((subject) => outcomes(subject, within({}))).filter(({ fuel = 0 }) => fuel > 1_000).length,
    ).toBeGreaterThan(10);
    expect(some.flatMap((subject) => outcomes(subject, interruptedly)).length).toBeGreaterThan(100);
  });
});

describe("instrumented code", () => {
  for (let first = 0; first < MODULES; first += AT_ONCE) {
    const last = first + AT_ONCE - 1;
    it(`behaves as before, and takes exactly the fuel of each operator that runs: seeds ${first} to ${last}`, async () => {
      const problems: string[] = [];
      for (const [index, subject] of generated.slice(first, last + 1).entries()) {
        const problem = difference(subject);
        if (problem !== undefined) problems.push(await explained(first + index, subject, problem));
      }
      expect(problems.join("\n\n")).toBe("");
    });
  }

  it("is the same each time it is made", () => {
    for (const { bytes } of generated.slice(0, 50)) expect(instrument(bytes)).toEqual(instrument(bytes));
  });
});

describe("the comparison", () => {
  it("notices when something else is run than was meant to", async () => {
    const subject = await caseOf(new Random(1));
    const other = outcomes({ ...subject, bytes: addNaiveMeter(subject.bytes) }, within({}));
    expect(other.map(({ result }) => result)).toEqual(outcomes(subject, plainly).map(({ result }) => result));
    expect(other.map(({ fuel }) => fuel)).not.toEqual(outcomes(subject, within({})).map(({ fuel }) => fuel));
  });
});

const USED: readonly string[] = [
  "loop",
  "br_table",
  "br_on_null",
  "br_on_cast",
  "call_indirect",
  "call_ref",
  "return_call",
  "return_call_indirect",
  "return_call_ref",
  "try_table",
  "throw_ref",
  "catch_ref",
  "catch_all",
  "rethrow",
  "delegate",
  "memory.grow",
  "memory.fill",
  "memory.copy",
  "memory.init",
  "data.drop",
  "table.grow",
  "table.init",
  "table.copy",
  "array.new",
  "array.new_data",
  "struct.new",
  "i8x16.shuffle",
  "v128.store8_lane",
  "f64x2.ne",
  "i32.atomic.rmw.add",
  "unreachable",
  "start",
];
