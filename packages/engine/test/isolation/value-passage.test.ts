import { describe, expect, it } from "vitest";
import { ValuePassage } from "../../src/isolation/value-passage.ts";
import { weighsAtMost } from "../../src/isolation/value-weight.ts";
import type { WitType, WitTypeRef } from "../../src/wit/wit-type.ts";

const TYPES: readonly WitType[] = [
  {
    kind: "record",
    fields: [
      { name: "full-name", type: "string" },
      { name: "bytes", type: 1 },
    ],
  },
  { kind: "list", element: "u8" },
  { kind: "list", element: 0 },
  { kind: "handle", isOwned: true, resource: { side: "import", interface: "a:b/c", name: "r" } },
  { kind: "option", some: 3 },
  { kind: "tuple", elements: [4, "u32"] },
  { kind: "option", some: "u32" },
  { kind: "option", some: 6 },
];

/** Handles leave as their length, and bring along nothing. */
const passage = (copies: boolean): ValuePassage =>
  new ValuePassage(TYPES, { copies, handle: () => (value) => `handle of ${String(value)}` });

const carried = (ref: WitTypeRef, value: unknown, copies = true): unknown =>
  structuredClone(passage(copies).for(ref)(value));

describe("a value that leaves the host's thread", () => {
  it("takes along what its type says, and nothing else that hangs on it", () => {
    class Person {
      readonly helper = (): void => undefined;
      get fullName(): string {
        return "computed";
      }
      readonly bytes = Uint8Array.of(1);
    }
    expect(carried(0, new Person())).toEqual({ fullName: "computed", bytes: Uint8Array.of(1) });
    expect(carried(2, [new Person()])).toEqual([{ fullName: "computed", bytes: Uint8Array.of(1) }]);
  });

  it("takes along its own bytes, not those beside them in a buffer that others share", () => {
    const shared = Uint8Array.of(1, 2, 3, 4);
    const arrived = carried(1, shared.subarray(1, 3));
    expect(arrived).toEqual(Uint8Array.of(2, 3));
    expect(Object(arrived).buffer.byteLength).toBe(2);
    const pooled = Buffer.from("ab");
    expect(Object(carried(1, pooled)).buffer.byteLength).toBe(2);
    const between = new Uint8Array(new SharedArrayBuffer(2));
    expect(Object(carried(1, between)).buffer).toBeInstanceOf(ArrayBuffer);
  });

  it("is empty where its bytes were given away", () => {
    const given = Uint8Array.of(1, 2);
    structuredClone(given, { transfer: [given.buffer] });
    expect(carried(1, given)).toEqual(new Uint8Array());
  });

  it("has its handles exchanged, wherever they are", () => {
    expect(carried(5, ["thing", 7])).toEqual(["handle of thing", 7]);
    expect(carried(5, [undefined, 7])).toEqual([undefined, 7]);
  });

  it("keeps an option of an option apart from an option", () => {
    expect(carried(7, { tag: "some", val: undefined })).toEqual({ tag: "some", val: undefined });
    expect(carried(7, { tag: "none" })).toEqual({ tag: "none", val: undefined });
  });
});

describe("a value that leaves a guest", () => {
  it("is not copied where it holds no handles", () => {
    const value = { fullName: "a", bytes: Uint8Array.of(1) };
    expect(passage(false).for(0)(value)).toBe(value);
    expect(carried(5, ["thing", 7], false)).toEqual(["handle of thing", 7]);
  });

  it("weighs what it costs to receive, however little memory it came from", () => {
    const light: readonly unknown[] = [1, "text", [1, 2], { a: 1 }, new Uint8Array(100), undefined, 1n, null];
    for (const value of light) {
      expect(weighsAtMost(value, 1_000)).toBe(true);
      expect(weighsAtMost(value, 10)).toBe(false);
    }
    expect(weighsAtMost("x".repeat(600), 1_000)).toBe(false);
    expect(weighsAtMost(new Uint8Array(1_001), 1_000)).toBe(false);
    expect(weighsAtMost([[], [], [], []], 1_000)).toBe(false);
    expect(weighsAtMost([{}, {}], 1_000)).toBe(false);
  });
});
