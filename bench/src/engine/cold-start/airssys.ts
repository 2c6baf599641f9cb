// Prints how many microseconds it takes from bytes on disk to the first answer of the counter, which the cache holds prepared.
import { readFile } from "node:fs/promises";
import { Engine } from "@airssys/engine";
import { bareQuestion } from "../bare-message.ts";
import { counterFile, countIn, LIFECYCLE } from "../counter-guest.ts";
import { counterManifest } from "../counter-manifest.ts";

const [, , cacheDirectory = ""] = process.argv;
const started = performance.now();
const engine = new Engine({ cacheDirectory });
const component = await engine.prepare(await readFile(counterFile));
using instance = component.instantiate({ limits: { memoryBytes: counterManifest.resources.memory.maxBytes } });
const answer = instance.call(`${LIFECYCLE}#handle-message`, [bareQuestion]);
const tookMs = performance.now() - started;
if (!answer.ok || countIn(answer.value) !== 1) throw new Error("the counter did not answer");
console.log(tookMs * 1000);
