import { componentVerdicts, moduleVerdicts, originals } from "../instrument/damaged-modules.ts";
import { caseOf, difference } from "../instrument/differential.ts";
import { explained } from "../instrument/explained.ts";
import { Random } from "../instrument/random.ts";
import { RIGHT_VERDICTS } from "../instrument/verdict.ts";

/*
 * The proofs of the rewriter over more inputs than a test has time for. Ends with status 1 when one of them failed.
 *
 *   node packages/engine/test/measure/proofs.ts generated [how many] [first seed]
 *   node packages/engine/test/measure/proofs.ts damaged [how many] [first seed]
 */

const REPORT_EVERY = 1_000;

/** Runs generated modules in every way, and says for each that runs otherwise than it should what is wrong, with a smaller one. */
async function generated(count: number, first: number): Promise<number> {
  let failures = 0;
  let bytes = 0;
  for (let done = 0; done < count; done += 1) {
    const seed = first + done;
    const subject = await caseOf(new Random(seed));
    bytes += subject.bytes.length;
    const problem = difference(subject);
    if (problem !== undefined) {
      failures += 1;
      console.log(await explained(seed, subject, problem));
    }
    if ((done + 1) % REPORT_EVERY === 0) console.log(`${done + 1} modules, ${failures} failures`);
  }
  console.log(`on average ${(bytes / count).toFixed(0)} bytes`);
  return failures;
}

/** Has the engine judge damaged modules and components, and says how often each verdict was given. */
async function damaged(count: number, first: number): Promise<number> {
  const whole = await originals();
  let failures = 0;
  for (const [what, verdicts] of [
    ["module", moduleVerdicts(whole, count, first)],
    ["component", componentVerdicts(whole, count, first)],
  ] as const) {
    for (const [judged, { count: times, seed }] of verdicts) {
      console.log(`${what}: ${judged}: ${times} (seed ${seed})`);
      if (!RIGHT_VERDICTS.includes(judged)) failures += times;
    }
  }
  return failures;
}

const [kind = "generated", count = "20000", first = "1000"] = process.argv.slice(2);
const started = performance.now();
const failures = await (kind === "damaged" ? damaged : generated)(Number(count), Number(first));
const seconds = ((performance.now() - started) / 1_000).toFixed(0);
console.log(`${kind}: ${count} from seed ${first}: ${failures} failures in ${seconds} s`);
process.exitCode = failures === 0 ? 0 : 1;
