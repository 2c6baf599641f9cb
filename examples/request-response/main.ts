// A till that asks for prices and stock, and what becomes of an ask: a reply, a refusal, a deadline, a crash, a circle.
//   pnpm example request-response
import { ActorSystem, refuse, type Actor, type ActorContext, type ActorRef, type Request } from "@airssys/rt";

type Prices = { type: "price"; of: string } & Request<number>;
type Till = { type: "total"; items: readonly string[]; slowly?: boolean } & Request<number>;

/** Knows two prices, refuses others, and crashes on one that it should not have been asked. */
const prices = (): Actor<Prices> => ({
  receive: ({ of }) => {
    if (of === "nothing") throw new RangeError("nothing has no price");
    return { apple: 2, bread: 3 }[of] ?? refuse(new RangeError(`no price for ${of}`));
  },
});

/** Asks in the name of who asked: its deadline goes along. A price that was refused refuses the total. */
class Sum implements Actor<Till> {
  readonly #prices: ActorRef<Prices>;

  constructor(of: ActorRef<Prices>) {
    this.#prices = of;
  }

  async receive({ items, slowly }: Till, context: ActorContext<Till>) {
    if (slowly === true) await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
    try {
      const each = items.map((of) => context.ask(this.#prices, { type: "price", of }));
      return (await Promise.all(each)).reduce((sum, price) => sum + price, 0);
    } catch (error) {
      return refuse(error);
    }
  }
}

await using system = new ActorSystem("shop", { log: false }); // whoever asks is told of crashes
const shop = await system.supervise({
  id: "shop",
  strategy: "one-for-one",
  children: [{ id: "prices", start: prices }],
});
const till = system.spawn(() => new Sum(shop.child("prices")), { id: "till" });

console.log("apple and bread:", await till.ask({ type: "total", items: ["apple", "bread"] }));
await say("a pear", till.ask({ type: "total", items: ["pear"] }));
await say("nothing", till.ask({ type: "total", items: ["nothing"] }));
console.log("an apple, after that crash:", await till.ask({ type: "total", items: ["apple"] }));
await say("slowly", till.ask({ type: "total", items: [], slowly: true }, { timeoutMs: 50 }));

type Shy = { type: "who" } & Request<string>;
const shy = (id: string, other: () => ActorRef<Shy>): ActorRef<Shy> =>
  system.spawn<Shy>(() => ({ receive: (_, context) => context.ask(other(), { type: "who" }).catch(refuse) }), { id });
const first = shy("you-first", () => second);
const second = shy("no-you-first", () => first);
await say("two that ask each other", first.ask({ type: "who" }));

/** Prints why an ask was not answered. */
async function say(what: string, asked: Promise<unknown>): Promise<void> {
  console.log(`${what}:`, await asked.catch((error: Error) => `${error.name}: ${error.message}`));
}
