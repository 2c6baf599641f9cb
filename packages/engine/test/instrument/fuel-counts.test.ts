import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { fixture, freshEngine } from "../fixtures.ts";

/*
 * What the fuel of a call is does not depend on the machine, on Node, nor on how fast the guest runs, so it can be written down. When the
 * rewriter charges otherwise, this changes with it.
 */

const engine = freshEngine();

/** Without a deadline fuel is handed out at once, with one in slices by the clock. */
const WAYS = { "at once": undefined, "in slices": 60_000 } as const;

/** The kernels that metering is measured with, each as a function of a component. */
function kernels(): Promise<Uint8Array> {
  const text = readFileSync(new URL("../measure/kernels.wat", import.meta.url), "utf8");
  const lifted = Object.keys(KERNELS).map(
    (name) => `(func (export "${name}") (param "n" u32) (result u32) (canon lift (core func $i "${name}")))`,
  );
  const module = text.replace("(module", "(core module $m");
  return parse(`(component ${module} (core instance $i (instantiate $m)) ${lifted.join(" ")})`);
}

type Counts = Readonly<Record<string, readonly [size: number, fuel: number]>>;

const KERNELS: Counts = {
  calls: [20, 218_906],
  sieve: [10_000, 422_812],
  hash: [10_000, 160_004],
  matrix: [20, 222_983],
  queens: [6, 7_729],
  dispatch: [10_000, 225_012],
  sort: [1_000, 480_830],
};

const HOSTILE: Counts = { count: [12_345, 98_764], nest: [50, 454], fill: [999, 129], unwind: [100, 81_301] };

const GUESTS = [
  ["the kernels", kernels, KERNELS],
  ["a guest of ways to use more than one may", () => fixture("hostile"), HOSTILE],
] as const;

describe.each(GUESTS)("%s", (_, component, counts) => {
  for (const [way, deadlineMs] of Object.entries(WAYS)) {
    it(`takes the fuel it always took, handed out ${way}`, async () => {
      const prepared = await engine.prepare(await component());
      const instance = prepared.instantiate({ imports: { "": { tick: () => undefined } }, limits: { deadlineMs } });
      const found = Object.entries(counts).map(([name, [size]]) => {
        instance.call(name, [size]);
        return [name, [size, instance.lastCall.fuel]];
      });
      expect(Object.fromEntries(found)).toEqual(counts);
    });
  }
});
