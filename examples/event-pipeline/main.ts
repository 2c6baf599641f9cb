// Extract, transform, load: three stages of which each relies on the one before, under rest-for-one.
//   pnpm example event-pipeline
import { ActorSystem, supervisor, type Actor, type ActorRef } from "@airssys/rt";

interface Order {
  readonly line: number;
  readonly cents: number;
}

const feed = ["1250", "800", "12,50", "4300", "99", "1"];
const stored = new Map<number, Order>();

/** Reads the feed and hands on lines. It begins at the line it is told, so it has nothing to lose. */
class Extract implements Actor<number> {
  receive(line: number): void {
    const text = feed[line];
    if (text !== undefined) stage<{ line: number; text: string }>("transform").tell({ line, text });
  }
}

/** Makes an order of a line, and crashes on one that is none. */
class Transform implements Actor<{ line: number; text: string }> {
  receive({ line, text }: { line: number; text: string }): void {
    if (!/^\d+$/.test(text)) throw new Error(`line ${line} is no amount: ${text}`);
    stage<Order>("load").tell({ line, cents: Number(text) });
  }
}

/** Stores orders, and asks for the next line when it is done with one. */
class Load implements Actor<Order> {
  receive(order: Order): void {
    stored.set(order.line, order);
    next = order.line + 1;
    stage<number>("extract").tell(next);
    if (next === feed.length) finished.resolve();
  }
}

const finished = Promise.withResolvers<void>();
let next = 0;

await using system = new ActorSystem("event-pipeline");
const pipeline = await system.supervise(
  supervisor("pipeline", "rest-for-one")
    .allowing(3, { withinMs: 5000 })
    .actor("extract", () => new Extract())
    .actor("transform", () => new Transform())
    .actor("load", () => new Load())
    .build(),
);
const stage = <M>(id: string): ActorRef<M> => pipeline.child<M>(id);

system.events.on("actor-failed", ({ path, error }) => {
  console.log(`${path} failed: ${String(error)}`);
  next += 1; // whatever is wrong with that line stays wrong
});
system.events.on("actor-restarted", ({ path }) => {
  console.log(`${path} restarted`);
  if (path.endsWith("/load")) stage<number>("extract").tell(next); // the pipeline is whole again
});

stage<number>("extract").tell(next);
await finished.promise;
const cents = [...stored.values()].reduce((sum, order) => sum + order.cents, 0);
console.log(`${stored.size} of ${feed.length} lines stored, ${cents} cents in all`);
