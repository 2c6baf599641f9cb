import { beforeAll, describe, expect, it } from "vitest";
import { FuelExhaustedError, type HostImports, type PreparedComponent } from "../src/index.ts";
import type { WasmGlobal } from "../src/webassembly.ts";
import { bareComponent, type BareComponent } from "./bare-component.ts";
import { fixture, freshEngine, preparer, thrownBy } from "./fixtures.ts";
import { addNaiveMeter, SPENT_EXPORT } from "./instrument/naive-meter.ts";
import { JAVASCRIPT_KERNELS, javascriptKernels, RUN } from "./javascript-kernels.ts";

type Call = readonly [name: string, ...args: readonly unknown[]];

const prepare = preparer();

const hostApi: HostImports = {
  "test:host/api@1.0.0": { plain: (x: number) => x * 2, tryIt: (x: number) => x + 1 },
  "": { beat: () => 9, tick: () => undefined },
};

/** What the core modules of a component spent by their naive meters, all together. */
function naivelySpent({ coreInstances }: BareComponent): number {
  return coreInstances.reduce((sum, { exports }) => {
    const spent: WasmGlobal<bigint> | undefined = Reflect.get(Object(exports), SPENT_EXPORT);
    return sum + Number(spent?.value ?? 0n);
  }, 0);
}

function resultOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (thrown) {
    return thrown instanceof Error ? `trap: ${thrown.message}` : { error: thrown };
  }
}

const GUESTS: Readonly<Record<string, readonly Call[]>> = {
  basic: [
    ["add", 40, 2],
    ["count-up"],
    ["count-up"],
    ["test:basic/tools@1.2.0#echo-bytes", Uint8Array.of(1, 2, 3)],
    ["test:basic/tools@1.2.0#half", 0],
    ["test:basic/tools@1.2.0#half", 9],
  ],
  memory: [
    ["grow", 3],
    ["grow-other", 2],
    ["grow-other", 2],
    ["must-grow", 1],
  ],
  twins: [["left"], ["right"], ["grow-left", 1]],
  host: [["call-plain", 4], ["call-try", 4], ["call-beat"], ["swallow", 3]],
  hostile: [
    ["count", 1_000],
    ["nest", 50],
    ["unwind", 7],
    ["fill", 999],
    ["grow-table", 5],
  ],
};

describe("a component under limits", () => {
  for (const [name, calls] of Object.entries(GUESTS)) {
    it(`answers as without them, and its core modules together take the fuel of each operator that runs: ${name}`, async () => {
      const bytes = await fixture(name);
      const plain = await bareComponent(bytes, { imports: hostApi });
      const naive = await bareComponent(bytes, { imports: hostApi, rewrite: addNaiveMeter });
      const instance = (await prepare(name)).instantiate({ imports: hostApi });
      expect(instance.lastCall.fuel).toBe(naivelySpent(naive));
      for (const [fn, ...args] of calls) {
        const before = naivelySpent(naive);
        const expected = resultOf(() => plain.fn(fn)(...args));
        expect(resultOf(() => naive.fn(fn)(...args))).toEqual(expected);
        const answer = instance.call(fn, args);
        expect(answer.ok ? answer.value : { error: answer.error }).toEqual(expected);
        expect(instance.lastCall.fuel).toBe(naivelySpent(naive) - before);
      }
    });
  }

  for (const name of ["unreachable", "out-of-bounds", "wrong-type", "divide", "overflow", "convert", "outside"]) {
    it(`traps as without them: ${name}`, async () => {
      const plain = await bareComponent(await fixture("traps"), {});
      const instance = (await prepare("traps")).instantiate();
      const error = thrownBy(() => instance.call(name));
      expect(`trap: ${String(Reflect.get(Object(Reflect.get(Object(error), "cause")), "message"))}`).toBe(
        resultOf(() => plain.fn(name)()),
      );
    });
  }
});

describe.each(["quickjs", "starlingmonkey"] as const)("a JavaScript engine under limits: %s", (engine) => {
  let bytes: Uint8Array;
  let component: PreparedComponent;
  beforeAll(async () => {
    bytes = await javascriptKernels(engine);
    component = await freshEngine().prepare(bytes);
  });

  it("answers as without them, and takes the fuel of each operator that runs", async () => {
    const plain = (await bareComponent(bytes, {})).fn(RUN);
    const naive = await bareComponent(bytes, { rewrite: addNaiveMeter });
    const instance = component.instantiate();
    for (const [kernel, size] of Object.entries(JAVASCRIPT_KERNELS)) {
      const before = naivelySpent(naive);
      const value = plain(kernel, size);
      expect(naive.fn(RUN)(kernel, size)).toBe(value);
      expect(instance.call(RUN, [kernel, size])).toEqual({ ok: true, value });
      expect(instance.lastCall.fuel).toBe(naivelySpent(naive) - before);
    }
  });

  it("takes the same fuel in every instance, and stops when it has no more", () => {
    const amounts = [1, 2].map(() => {
      const instance = component.instantiate();
      instance.call(RUN, ["objects", 200]);
      return instance.lastCall.fuel;
    });
    expect(amounts[0]).toBe(amounts[1]);
    const short = component.instantiate({ limits: { fuelPerCall: (amounts[0] ?? 0) - 1 } });
    expect(thrownBy(() => short.call(RUN, ["objects", 200]))).toBeInstanceOf(FuelExhaustedError);
  });
});
