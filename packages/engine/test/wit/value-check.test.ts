import { describe, expect, it } from "vitest";
import { ValueChecks } from "../../src/wit/value-check.ts";
import type { WitType, WitTypeRef } from "../../src/wit/wit-type.ts";

const TYPES: readonly WitType[] = [
  {
    kind: "record",
    fields: [
      { name: "user-name", type: "string" },
      { name: "age", type: 1 },
    ],
  },
  { kind: "option", some: "u8" },
  { kind: "option", some: 1 },
  {
    kind: "variant",
    cases: [
      { name: "none", type: null },
      { name: "at-most", type: "u64" },
    ],
  },
  { kind: "list", element: "s16" },
  { kind: "tuple", elements: ["bool", "char"] },
  { kind: "flags", labels: ["can-read", "write"] },
  { kind: "enum", labels: ["light-blue", "red"] },
  { kind: "result", ok: null, error: "string" },
  { kind: "handle", isOwned: true },
  { kind: "list", element: 0 },
];

const check = (type: WitTypeRef, value: unknown): string | undefined => new ValueChecks(TYPES).for(type)(value);

describe("a value for a WIT type", () => {
  const right: readonly (readonly [string, WitTypeRef, unknown])[] = [
    ["bool", "bool", false],
    ["the least s8", "s8", -128],
    ["the largest u32", "u32", 4_294_967_295],
    ["the largest u64", "u64", 2n ** 64n - 1n],
    ["f64", "f64", Number.NaN],
    ["char outside the basic plane", "char", "😀"],
    ["record", 0, { userName: "a", age: 3 }],
    ["record without an optional field", 0, { userName: "a" }],
    ["option", 1, undefined],
    ["option of an option", 2, { tag: "some", val: undefined }],
    ["variant with a value", 3, { tag: "at-most", val: 1n }],
    ["variant without one", 3, { tag: "none" }],
    ["list as an array", 4, [1, -2]],
    ["list as a typed array", 4, Int16Array.of(1)],
    ["tuple", 5, [true, "x"]],
    ["flags", 6, { canRead: true }],
    ["enum", 7, "light-blue"],
    ["result", 8, { tag: "err", val: "no" }],
    [
      "resource",
      9,
      new (class Thing {
        readonly is = "a resource";
      })(),
    ],
    ["list of records", 10, [{ userName: "a" }, { userName: "b", age: 0 }]],
  ];
  for (const [what, type, value] of right) {
    it(`may be: ${what}`, () => expect(check(type, value)).toBeUndefined());
  }

  const wrong: readonly (readonly [string, WitTypeRef, unknown, string])[] = [
    ["a number for bool", "bool", 1, "expected bool (a boolean), found 1"],
    ["a fraction", "u8", 1.5, "expected u8 (an integer from 0 to 255), found 1.5"],
    ["a number for u64", "u64", 1, "expected u64 (a bigint from 0 to 18446744073709551615), found 1"],
    ["two characters", "char", "ab", 'expected char (a string of one character), found "ab"'],
    ["half a character", "char", "\ud800", "expected char"],
    ["a missing field", 0, { age: 3 }, ".userName expected string (a string), found undefined"],
    ["a wrong field", 0, { userName: "a", age: "3" }, '.age expected u8 (an integer from 0 to 255), found "3"'],
    ["nothing for a record", 0, null, "expected a record, found null"],
    ["an untagged nested option", 2, 3, "expected an option { tag: none | some, val }, found 3"],
    ["an unknown case", 3, { tag: "other" }, "expected a variant { tag: none | at-most, val }, found an object"],
    ["a wrong case value", 3, { tag: "at-most", val: 1 }, ".val expected u64"],
    ["another typed array", 4, Uint8Array.of(1), "expected Int16Array, found a Uint8Array"],
    ["a short tuple", 5, [true], "expected an array of 2, found an array of 1"],
    ["a wrong flag", 6, { write: 1 }, ".write expected a boolean, found 1"],
    ["an unknown enum case", 7, "lightBlue", 'expected one of light-blue, red, found "lightBlue"'],
    ["a bare value for a result", 8, "no", 'expected a result { tag: ok | err, val }, found "no"'],
    ["a number for a resource", 9, 4, "expected a resource, found 4"],
    [
      "a wrong element deep down",
      10,
      [{ userName: "a" }, { userName: 7 }],
      "[1] .userName expected string (a string), found 7",
    ],
  ];
  for (const [what, type, value, problem] of wrong) {
    it(`may not be: ${what}`, () => expect(check(type, value)).toContain(problem));
  }
});
