// Reads a web server's access log through three supervised WebAssembly components, each written in another language:
// parse (WAT) → classify (TypeScript) → aggregate (AssemblyScript).
//   npm start [-- [FILE | -] [--json]]
import { ActorSystem } from "@airssys/rt";
import { ComponentHost, describeSelf, execute } from "@airssys/wasm";
import { basename } from "node:path";
import { exitWith, readArguments } from "./arguments.ts";
import { buildGuests } from "./build.ts";
import { Feed } from "./feed.ts";
import { Input } from "./input.ts";
import { readLines } from "./lines.ts";
import { Progress } from "./progress.ts";
import { decodeReport } from "./report.ts";
import { printSummary, summarize } from "./summary.ts";

const { file, json } = readArguments(process.argv.slice(2));
const input = await Input.open(file).catch((error: unknown) => exitWith(error));
for (const guest of await buildGuests()) if (guest.built) console.error(`built ${basename(guest.output)}`);

await using system = new ActorSystem("access-log", { log: false }); // the summary tells of crashes
// The classifier is JavaScript: the longest of lines takes it more fuel than a manifest may ask for unless the operator allows it.
const components = new ComponentHost(system, { ceilings: { fuel: 1_000_000_000 } });
const install = (name: string) => components.install(new URL(`guests/${name}/Component.toml`, import.meta.url));
const [parse, classify, aggregate] = await Promise.all([install("parser"), install("classify"), install("aggregate")]);

// Started in this order and stopped in reverse: whoever sends comes after whom it sends to.
const pipeline = await system.supervise({
  id: "pipeline",
  strategy: "one-for-one",
  children: [aggregate.childSpec(), classify.childSpec(), parse.childSpec()],
});

const started = performance.now();
const progress = new Progress(process.stderr);
const feed = new Feed(system, pipeline.child("parser"), (lines) => progress.show(lines, input.share));
await feed.all(readLines(input.chunks));
// Whoever answers has handled all that came before: the parser is done, so after the classifier's answer all is counted.
await pipeline.child("classify").ask(describeSelf());
const report = decodeReport(await pipeline.child("aggregate").ask(execute(new TextEncoder().encode("report"))));
progress.finish(feed.lines);

const summary = summarize(feed, report, performance.now() - started);
if (json) console.log(JSON.stringify(summary));
else printSummary(summary);
