// Orders are published once, and those who care subscribe, each with the guarantee it needs.
//   pnpm example pub-sub
import { ActorSystem, refuse, type Actor, type ActorRef } from "@airssys/rt";

type Order = { readonly name: string; readonly euros: number };

let isBankDown = true;
const charged: string[] = [];

/** Crashes on its first order, because the bank is down. It must not lose an order, nor charge one twice. */
class Billing implements Actor<Order> {
  receive({ name, euros }: Order): void {
    if (isBankDown) {
      isBankDown = false;
      throw new Error("the bank is down");
    }
    charged.push(`${name} (${euros} euros)`);
  }
}

await using system = new ActorSystem("shop", { log: false }); // that the bank is down is no news
const { broker } = system;

// Billing gets every paid order, effectively once, across crashes and restarts.
const office = await system.supervise({
  id: "office",
  strategy: "one-for-one",
  children: [{ id: "billing", start: () => new Billing() }],
});
broker.subscribe("orders.paid.*", office.child("billing"), { delivery: "exactly-once", redelivery: { minMs: 20 } });

// Two packers share the paid orders: each goes to one of them. The archive sees all that is published.
const keepIn = (names: string[]): ActorRef<Order> =>
  system.spawn<Order>(() => ({ receive: ({ name }) => void names.push(name) }));
const [byAda, byGrace, archived]: [string[], string[], string[]] = [[], [], []];
broker.subscribe("orders.paid.#", keepIn(byAda), { queueGroup: "packers" });
broker.subscribe("orders.paid.#", keepIn(byGrace), { queueGroup: "packers" });
broker.subscribe("#", keepIn(archived));

// An interceptor sees every envelope before it is routed, and may refuse it.
broker.intercept(({ sender, topic }) =>
  sender === "web" ? undefined : refuse(new Error(`${sender} may not publish ${topic}`)),
);
try {
  broker.publish("orders.paid.de", { name: "a gift", euros: -1 }, { sender: "mallory" });
} catch (error) {
  console.log(String(error));
}

const publish = (topic: string, name: string, euros: number): void =>
  void broker.publish(topic, { name, euros }, { sender: "web", id: name });
publish("orders.paid.de", "a book", 20);
publish("orders.paid.fr", "a lamp", 35);
publish("orders.cancelled", "a chair", 0);

// The shop has not heard whether the book was charged, so it publishes that order again, under the same id.
const suppressed = new Promise((resolve) => system.events.on("duplicate-suppressed", resolve));
publish("orders.paid.de", "a book", 20);
await suppressed;

console.log(`Billing charged ${charged.join(" and ")}.`);
console.log(`Ada packed ${byAda.join(", ")}; Grace packed ${byGrace.join(", ")}.`);
console.log(`The archive has ${archived.join(", ")}.`);
