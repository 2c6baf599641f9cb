// Prints how many microseconds it takes from the files that jco wrote to the first answer of the counter.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compiled, type GeneratedModule, instantiated } from "../generated-module.ts";
import { bareQuestion } from "../bare-message.ts";
import { countIn } from "../counter-guest.ts";

const [, , folder = ""] = process.argv;
const started = performance.now();
const generated: GeneratedModule = await import(pathToFileURL(join(folder, "counter.js")).href);
const bytes = await readFile(join(folder, "counter.core.wasm"));
const counter = instantiated(generated, new Map([["counter.core.wasm", compiled(bytes)]]));
const answer = counter.handleMessage(bareQuestion);
const tookMs = performance.now() - started;
if (countIn(answer) !== 1) throw new Error("the counter did not answer");
console.log(tookMs * 1000);
