// Extract, transform, load: three stages of which each relies on the one before, under rest-for-one.
//   pnpm example event-pipeline
import { ActorSystem, supervisor, type Actor } from "@airssys/rt";

const feed = ["1250", "800", "12,50", "4300", "99", "1"];
const stored: number[] = [];
const finished = Promise.withResolvers<void>();

/** Knows how far it has read. It relies on nobody, so it is not restarted with the others: no line is read twice. */
class Extract implements Actor<"next"> {
  #line = 0;

  receive(): void {
    const text = feed[this.#line];
    this.#line += 1;
    if (text === undefined) finished.resolve();
    else pipeline.child("transform").tell(text);
  }
}

/** Makes a number of cents of a line, and crashes on one that is none. */
class Transform implements Actor<string> {
  receive(text: string): void {
    if (!/^\d+$/.test(text)) throw new Error(`no amount: ${text}`);
    pipeline.child("load").tell(Number(text));
  }
}

/** Stores cents, and asks for the next line when it has. Started last, it also asks when the pipeline is whole again. */
class Load implements Actor<number> {
  receive(cents: number): void {
    stored.push(cents);
    pipeline.child("extract").tell("next");
  }

  postRestart(): void {
    pipeline.child("extract").tell("next");
  }
}

await using system = new ActorSystem("event-pipeline", { log: false }); // what happens is printed here
system.events.on("actor-failed", ({ path, error }) => console.log(`${path} failed: ${String(error)}`));
system.events.on("actor-restarted", ({ path }) => console.log(`${path} restarted`));

const pipeline = await system.supervise(
  supervisor("pipeline", "rest-for-one")
    .allowing(3, { withinMs: 5000 })
    .actor("extract", () => new Extract())
    .actor("transform", () => new Transform())
    .actor("load", () => new Load())
    .build(),
);

pipeline.child("extract").tell("next");
await finished.promise;
const cents = stored.reduce((sum, amount) => sum + amount, 0);
console.log(`${stored.length} of ${feed.length} lines stored, ${cents} cents in all`);
