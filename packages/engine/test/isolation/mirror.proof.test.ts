import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BadArgumentError, type HostImports, type PreparedComponent, type RunningInstance } from "../../src/index.ts";
import { launcher, LEVELS, rejectionOf } from "./levels.ts";
import { HOST, MIRROR, mirrorGuest } from "./mirror-guest.ts";

class Counter {
  static disposed: number[] = [];
  total: number;
  constructor(start: number) {
    this.total = start;
  }
  addSome(amount: number): number {
    return (this.total += amount);
  }
  trySubtract(amount: number): number {
    if (amount > this.total) throw `only ${this.total}`;
    return (this.total -= amount);
  }
  static shared(): Counter {
    return new Counter(50);
  }
  static merge(a: Counter, b: Counter): Counter {
    return new Counter(a.total + b.total);
  }
  [Symbol.dispose](): void {
    Counter.disposed.push(this.total);
  }
}

const zero = { fullName: "Zero", age: 0, nickname: undefined, likes: [] };

/** Hands back what it gets, and keeps the last of it. */
function mirrorHost(component: PreparedComponent): { readonly imports: HostImports; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const names =
    component.imports.find(({ name }) => name === HOST)?.functions.filter((fn) => fn.startsWith("of-")) ?? [];
  const handsBack = (value: unknown): unknown => {
    seen.push(value);
    return value;
  };
  const host = {
    ...Object.fromEntries(names.map((name) => [name, handsBack])),
    attempt: (value: number): number => {
      if (value === 0) throw zero;
      return value;
    },
    Counter,
    busiest: (all: readonly Counter[]) => Math.max(...all.map(({ total }) => total)),
  };
  return { imports: { [HOST]: host }, seen };
}

const person = { fullName: "Ada Löve", age: 36, nickname: "Countess", likes: ["engines", "ünïcödé", ""] };

const VALUES: readonly (readonly [fn: string, ...values: readonly unknown[]])[] = [
  ["of-bool", true, false],
  ["of-u8", 0, 255],
  ["of-s16", -32_768, 32_767],
  ["of-u32", 0, 2 ** 32 - 1],
  ["of-s64", -(2n ** 63n), 2n ** 63n - 1n],
  // The guest's engine keeps unsigned 64-bit numbers as floating-point numbers.
  ["of-u64", 0n, 2n ** 53n],
  ["of-f32", 0.5, -Infinity],
  ["of-f64", 0.1, Number.MAX_VALUE, Number.NaN, -0],
  ["of-char", "a", "é", "\u{1f600}"],
  ["of-text", "", "text with \u0000 and \u{1f600}", "x".repeat(100_000)],
  ["of-bytes", new Uint8Array(), new Uint8Array(100_000).map((_, index) => index)],
  ["of-longs", BigUint64Array.of(1n, 2n ** 53n)],
  ["of-texts", [], ["a", "", "b"]],
  ["of-person", person, zero],
  ["of-people", [], [person, zero, person]],
  ["of-shape", { tag: "empty" }, { tag: "circle", val: 1.5 }, { tag: "named", val: person }],
  ["of-mood", "very-good", "bad"],
  ["of-rights", { canRead: true, canWrite: false, allOfIt: true }],
  ["of-option", undefined, 7],
  ["of-nested-option", { tag: "none" }, { tag: "some", val: undefined }, { tag: "some", val: "deep" }],
  [
    "of-results",
    [
      { tag: "ok", val: { tag: "ok", val: 1 } },
      { tag: "ok", val: { tag: "err", val: "inner" } },
      { tag: "err", val: "bad" },
    ],
  ],
  ["of-pair", ["first", [true, false]]],
];

for (const isolation of LEVELS) {
  const { engine } = launcher(isolation);
  let component: PreparedComponent;
  let instance: RunningInstance;
  let seen: readonly unknown[];

  const launched = async (): Promise<RunningInstance> => {
    const host = mirrorHost(component);
    ({ seen } = host);
    return component.launch({ isolation, imports: host.imports });
  };
  const call = async (name: string, ...args: readonly unknown[]): Promise<unknown> => {
    const answer = await instance.call(`${MIRROR}#${name}`, args);
    return answer.ok ? answer.value : { error: answer.error };
  };

  describe(`with isolation ${isolation}`, () => {
    beforeAll(async () => {
      component = await engine.prepare(await mirrorGuest());
      instance = await launched();
    });
    afterAll(() => instance[Symbol.asyncDispose]());

    for (const [name, ...values] of VALUES) {
      it(`a value is the same on every side of a guest: ${name}`, async () => {
        for (const value of values) {
          expect(await call(name, value)).toEqual(value);
          expect(seen.at(-1)).toEqual(value);
        }
      });
    }

    it("an error of a result is the same, whether the host or the guest gives it", async () => {
      expect(await call("attempt", 5)).toBe(5);
      expect(await call("attempt", 0)).toEqual({ error: zero });
    });

    it("a buffer of Node, and a part of one, are the bytes they hold", async () => {
      const buffer = Buffer.from("some more text");
      expect(await call("of-bytes", buffer)).toEqual(new Uint8Array(buffer));
      expect(await call("of-bytes", buffer.subarray(5, 9))).toEqual(Uint8Array.from(Buffer.from("more")));
      expect(await call("of-bytes", [1, 2, 3])).toEqual(Uint8Array.of(1, 2, 3));
    });

    it("an argument is refused by its name and WIT type when it does not fit, and nothing is called", async () => {
      const before = seen.length;
      const error = await rejectionOf(instance.call(`${MIRROR}#of-person`, [{ ...person, age: "36" }]));
      expect(error).toBeInstanceOf(BadArgumentError);
      expect(error).toMatchObject({ message: expect.stringMatching(/argument v: .age expected u32.*"36"/) });
      expect(seen.length).toBe(before);
    });

    it("a resource of the host has a constructor, methods that answer, and methods that fail", async () => {
      expect(await call("count", 3, Uint32Array.of(1, 2))).toBe(6);
      expect(await call("subtract", 4)).toBe(6);
      expect(await call("subtract", 40)).toEqual({ error: "only 10" });
    });

    it("a resource of the host that the guest owned is the same object when it is given back", async () => {
      const counter = new Counter(7);
      expect(await call("keep", counter)).toBeUndefined();
      expect(await call("give-back")).toBe(counter);
      expect(await call("give-back")).toBeUndefined();
    });

    it("resources of the host are passed to its functions, owned and lent, and come from them", async () => {
      expect(await call("merged")).toBe(51);
    });

    it("an argument that is no resource of the right class is refused", async () => {
      for (const wrong of [{}, undefined, 7]) {
        expect(await rejectionOf(instance.call(`${MIRROR}#keep`, [wrong]))).toBeTruthy();
        if (!instance.isAlive) instance = await launched();
      }
    });

    it("resources of the guest are made, used and lent, also several at once", async () => {
      const ann = await call("[constructor]account", "Ann");
      expect(await call("[method]account.deposit", ann, 10)).toBe(10);
      const made = await call("[static]account.open-many", ["Ben", "Cem"]);
      const [ben, cem] = Array.isArray(made) ? made : [];
      expect(await call("[method]account.deposit", cem, 50)).toBe(50);
      expect(await call("[method]account.owner", ben)).toBe("Ben");
      expect(await call("[method]account.owner", cem)).toBe("Cem");
      expect(await call("richest", [ann, ben, cem])).toBe("Cem");
    });
  });
}
