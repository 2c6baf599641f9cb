import { mkdtempSync, rmSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Isolation } from "../../src/index.ts";
import { type Attack, endAt, LEVELS } from "../hostile/attack.ts";
import { Battleground } from "../hostile/battleground.ts";
import { INSTALL_ATTACKS } from "../hostile/install-attacks.ts";
import { RUN_TIME_ATTACKS } from "../hostile/run-time-attacks.ts";
import { VALUE_ATTACKS } from "../hostile/value-attacks.ts";

/*
 * How long a hostile guest keeps the host's thread from other work: the longest time between two rounds of the event loop while it
 * attacks, for each attack of the tables. Preparing it is not included, which happens elsewhere; launching it is.
 *
 *   node packages/engine/test/measure/loop-delay.ts [part of an attack's name]
 */

enableCompileCache();

const WORST = 12;

interface Delay {
  readonly attack: string;
  readonly ms: number;
}

/** The longest time between two rounds of the event loop until the promise is settled, in milliseconds. */
async function longestRound(act: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  let next = setImmediate(function round() {
    look();
    next = setImmediate(round);
  });
  await act();
  look();
  clearImmediate(next);
  return longest;
}

async function delayAt(ground: Battleground, attack: Attack, level: Isolation): Promise<number> {
  // One that is refused when it is prepared does nothing here.
  const isPrepared = await ground.prepare(attack).then(
    () => true,
    () => false,
  );
  if (!isPrepared) return 0;
  // What is started for the first instance is not this one's doing.
  await ground.bystanders(level);
  return longestRound(() => ground.attack(attack, level));
}

const [wanted = ""] = process.argv.slice(2);
const attacks = [...RUN_TIME_ATTACKS, ...VALUE_ATTACKS, ...INSTALL_ATTACKS].filter(({ name }) => name.includes(wanted));
const directory = mkdtempSync(join(tmpdir(), "airssys-measure-"));
{
  await using ground = new Battleground(directory);
  for (const level of LEVELS) {
    const delays: Delay[] = [];
    for (const attack of attacks) {
      if (endAt(attack, level) === undefined) continue;
      delays.push({ attack: attack.name, ms: await delayAt(ground, attack, level) });
    }
    const sorted = delays.toSorted((one, other) => other.ms - one.ms);
    const median = sorted[sorted.length >> 1]?.ms ?? 0;
    console.log(`${level}: ${sorted.length} attacks, median ${median.toFixed(1)} ms; the worst:`);
    for (const { attack, ms } of sorted.slice(0, WORST)) console.log(`  ${ms.toFixed(1).padStart(8)} ms  ${attack}`);
  }
}
rmSync(directory, { recursive: true });
