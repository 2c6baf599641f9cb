import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Erlang, hasErlang } from "./erlang.ts";
import { generate } from "./generate.ts";
import { runHere } from "./run-here.ts";
import { toErlang, type Script } from "./script.ts";
import { shrink } from "./shrink.ts";

// `DIFFERENTIAL_SCRIPTS=100000 DIFFERENTIAL_SEED=0` runs more of them, or others; `DIFFERENTIAL_RECORD=1` writes Erlang's answers anew.
const { env } = process;
const scripts = Number(env["DIFFERENTIAL_SCRIPTS"] ?? 2000);
const firstSeed = Number(env["DIFFERENTIAL_SEED"] ?? 0);
/** How many scripts Erlang is given at once. */
const BATCH = 500;

const recording = new URL("recorded.json", import.meta.url).pathname;
const RECORDED = 300;
/** Erlang's answers to the scripts of the seeds 0, 1, 2 and so on, with the scripts, should what a seed gives ever change. */
interface Recorded {
  readonly script: string;
  readonly trace: string;
}

function lines(trace: string): string {
  return trace.replaceAll(" / ", "\n  ");
}

/** Fails with the smallest script that still differs. */
async function reportDifference(seed: number, script: Script, erlang: Erlang): Promise<never> {
  const differs = async (one: Script): Promise<boolean> => (await runHere(one)) !== (await erlang.run(one));
  const smallest = await shrink(script, differs);
  const [here, there] = [await runHere(smallest), await erlang.run(smallest)];
  const message = `seed ${seed} differs from Erlang; the smallest such script:\n${toErlang(smallest)}`;
  return expect.fail(`${message}\nhere:\n  ${lines(here)}\nErlang:\n  ${lines(there)}`);
}

/** How many scripts came out the same. */
async function compareBatch(seeds: readonly number[], erlang: Erlang): Promise<number> {
  const generated = seeds.map((seed) => [seed, generate(seed)] as const);
  const asked = generated.map(([, script]) => erlang.run(script));
  for (const [index, [seed, script]] of generated.entries()) {
    if ((await runHere(script)) !== (await asked[index])) await reportDifference(seed, script, erlang);
  }
  return generated.length;
}

async function record(): Promise<void> {
  await using erlang = new Erlang();
  const recorded: Recorded[] = [];
  for (let seed = 0; seed < RECORDED; seed += 1) {
    const script = generate(seed);
    recorded.push({ script: toErlang(script), trace: await erlang.run(script) });
  }
  writeFileSync(recording, `[\n${recorded.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`);
}

describe("a supervision tree", () => {
  it.runIf(hasErlang)(
    `does what Erlang's does, in ${scripts} random scripts from seed ${firstSeed} on`,
    { timeout: 60_000 + scripts * 30 },
    async () => {
      await using erlang = new Erlang();
      let alike = 0;
      for (let start = firstSeed; start < firstSeed + scripts; start += BATCH) {
        const count = Math.min(BATCH, firstSeed + scripts - start);
        alike += await compareBatch(
          Array.from({ length: count }, (_, index) => start + index),
          erlang,
        );
      }
      expect(alike).toBe(scripts);
    },
  );

  it(`does what Erlang's did in ${RECORDED} scripts that were recorded`, async () => {
    if (env["DIFFERENTIAL_RECORD"] === "1") await record();
    const recorded = JSON.parse(readFileSync(recording, "utf8")) as readonly Recorded[];
    expect(recorded.length).toBe(RECORDED);
    for (const [seed, { script, trace }] of recorded.entries()) {
      const generated = generate(seed);
      expect(toErlang(generated), `what seed ${seed} gives has changed: record anew`).toBe(script);
      expect(lines(await runHere(generated)), `seed ${seed}:\n${script}`).toBe(lines(trace));
    }
  });

  it("is put to every kind of test by the scripts that were recorded", () => {
    const traces = (JSON.parse(readFileSync(recording, "utf8")) as readonly Recorded[]).map(({ trace }) => trace);
    const share = (pattern: RegExp): number => traces.filter((trace) => pattern.test(trace)).length / RECORDED;
    expect(share(/![a-z.]+/), "starts that fail").toBeGreaterThan(0.1);
    expect(share(/ended shutdown/), "supervisors that give up or end").toBeGreaterThan(0.1);
    expect(share(/-[a-z.]+ \+/), "groups that are restarted").toBeGreaterThan(0.1);
    expect(share(/:down/), "children that stay down").toBeGreaterThan(0.1);
    expect(share(/\+r\.[a-d]\.[x-z]/), "dynamic children").toBeGreaterThan(0.1);
  });
});

describe("a script that differs", () => {
  it("is shrunk to what makes it differ", async () => {
    const script = generate(3);
    const smallest = await shrink(script, async ({ steps }) => steps.some(({ does }) => does === "leave"));
    expect(smallest.steps.map(({ does }) => does)).toEqual(["leave"]);
    expect(smallest.root.children).toEqual([]);
  });
});
