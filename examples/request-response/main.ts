// A till that asks for prices, and what becomes of an ask: a reply, a refusal, a crash, a deadline, a circle.
//   pnpm example request-response
import { ActorSystem, refuse, type Actor, type ActorContext, type ActorRef, type Request } from "@airssys/rt";
import { setTimeout } from "node:timers/promises";

type PriceOf = { readonly item: string } & Request<number>;
type TotalOf = { readonly items: readonly string[] } & Request<number>;

/** Knows two prices, looks up that of gold for as long as somebody waits for it, refuses others, and crashes on no item at all. */
class Prices implements Actor<PriceOf> {
  readonly #known: Readonly<Record<string, number>> = { apple: 2, bread: 3 };

  receive({ item }: PriceOf, { signal }: ActorContext<PriceOf>) {
    if (item === "") throw new RangeError("an item has a name");
    if (item === "gold") return setTimeout(60_000, 4000, { signal }).catch(refuse);
    return this.#known[item] ?? refuse(new RangeError(`no price for ${item}`));
  }
}

/** Asks for prices as part of the ask at hand, whose deadline goes along. A price that is refused refuses the total. */
class Till implements Actor<TotalOf> {
  readonly #prices: ActorRef<PriceOf>;

  constructor(prices: ActorRef<PriceOf>) {
    this.#prices = prices;
  }

  async receive({ items }: TotalOf, context: ActorContext<TotalOf>) {
    try {
      const prices = await Promise.all(items.map((item) => context.ask(this.#prices, { item })));
      return prices.reduce((sum, price) => sum + price, 0);
    } catch (error) {
      return refuse(error);
    }
  }
}

await using system = new ActorSystem("shop", { log: false }); // whoever asks is told of crashes
const shop = await system.supervise({
  id: "shop",
  strategy: "one-for-one",
  children: [{ id: "prices", start: () => new Prices() }],
});
const till = system.spawn(() => new Till(shop.child("prices")), { id: "till" });

await print("apple and bread", till.ask({ items: ["apple", "bread"] }));
await print("a pear", till.ask({ items: ["pear"] }));
await print("nothing", till.ask({ items: [""] }));
await print("an apple, after that crash", till.ask({ items: ["apple"] }));
await print("gold", till.ask({ items: ["gold"] }, { timeoutMs: 50 }));

type Who = { readonly type: "who" } & Request<string>;

/** Does not say who it is before the other one has. */
function spawnShy(id: string, other: () => ActorRef<Who>): ActorRef<Who> {
  return system.spawn<Who>(() => ({ receive: (who, context) => context.ask(other(), who).catch(refuse) }), { id });
}
const ada: ActorRef<Who> = spawnShy("ada", () => joe);
const joe: ActorRef<Who> = spawnShy("joe", () => ada);
await print("two shy ones", ada.ask({ type: "who" }));

/** Prints the reply, or why there is none. */
async function print(what: string, asked: Promise<unknown>): Promise<void> {
  console.log(`${what}:`, await asked.catch((error: Error) => `${error.name}: ${error.message}`));
}
