import { readdirSync } from "node:fs";
import { CorruptComponentError, UnsupportedComponentError } from "../../src/index.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { checkCoreModule } from "../../src/preparation/core-module-check.ts";
import { decodeComponent } from "../../src/wit/component-decoder.ts";
import { fixture } from "../fixtures.ts";
import { damaged, damagedBytes } from "./damage.ts";
import { caseOf } from "./differential.ts";
import { Random } from "./random.ts";
import { verdict } from "./verdict.ts";

const GENERATED = 60;

/** Whole modules and components to damage. */
export interface Originals {
  readonly modules: readonly Uint8Array[];
  readonly components: readonly Uint8Array[];
}

export async function originals(): Promise<Originals> {
  const files = readdirSync(new URL("../fixtures", import.meta.url)).filter((name) => name.endsWith(".wat"));
  const names = files.map((name) => name.replace(".wat", ""));
  const components = await Promise.all(names.filter((name) => name !== "odd-name").map(fixture));
  const cases = await Promise.all(Array.from({ length: GENERATED }, (_, seed) => caseOf(new Random(seed))));
  const generated = cases.map(({ bytes }) => bytes);
  return { modules: [...components.flatMap((bytes) => decodeComponent(bytes).coreModules), ...generated], components };
}

/** What the engine makes of that many damaged core modules: how often each verdict, with the last seed that led to it. */
export function moduleVerdicts({ modules }: Originals, count: number, first = 0): Map<string, VerdictCount> {
  return tally(count, first, (random) => verdict(damaged(random, random.pick(modules), random.pick(modules))));
}

/** The same for damaged components. What a component is, V8 does not know: only other errors than the engine's own are wrong. */
export function componentVerdicts({ components }: Originals, count: number, first = 0): Map<string, VerdictCount> {
  return tally(count, first, (random) =>
    componentVerdict(damagedBytes(random, random.pick(components), random.pick(components))),
  );
}

export interface VerdictCount {
  readonly count: number;
  readonly seed: number;
}

function tally(count: number, first: number, judge: (random: Random) => string): Map<string, VerdictCount> {
  const found = new Map<string, VerdictCount>();
  for (let seed = first; seed < first + count; seed += 1) {
    const judged = judge(new Random(seed));
    found.set(judged, { count: (found.get(judged)?.count ?? 0) + 1, seed });
  }
  return found;
}

function componentVerdict(bytes: Uint8Array): string {
  try {
    for (const module of decodeComponent(bytes).coreModules) {
      checkCoreModule(module, "its core module", "core");
      instrument(module);
    }
    return "instrumented";
  } catch (error) {
    if (error instanceof CorruptComponentError) return "corrupt";
    if (error instanceof UnsupportedComponentError) return "unsupported";
    return `failed: ${String(error)}`;
  }
}
