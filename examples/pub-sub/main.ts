// Orders are published once; those who care subscribe, each with the guarantee it needs.
//   pnpm example pub-sub
import { ActorSystem, refuse, type Actor } from "@airssys/rt";

type Order = { readonly id: string; readonly euros: number };

let isBankDown = true;

/** Fails on its first order, as a bank might. It must not lose one, nor charge one twice. */
class Billing implements Actor<Order> {
  receive({ id, euros }: Order): void {
    if (isBankDown) {
      isBankDown = false;
      throw new Error("the bank is down");
    }
    console.log(`billing: ${id} charged ${euros} euros`);
  }
}

const packer = (name: string) => () => ({ receive: ({ id }: Order) => console.log(`${name}: packs ${id}`) });

await using system = new ActorSystem("shop", { log: false }); // the bank will be down, and that is no news
const { broker, deadLetters } = system;

// Audit sees every envelope before it is routed, and may refuse it.
broker.intercept(({ topic, sender }) =>
  sender === "web" ? undefined : refuse(new Error(`${sender} may not publish ${topic}`)),
);

// One subscriber that gets every event effectively once, across crashes and restarts.
const office = await system.supervise({
  id: "office",
  strategy: "one-for-one",
  children: [{ id: "billing", start: () => new Billing() }],
});
broker.subscribe("orders.paid.*", office.child("billing"), { delivery: "exactly-once", redelivery: { minMs: 20 } });

// Two that share the work, and one that only counts.
for (const name of ["Ada", "Grace"]) {
  broker.subscribe("orders.paid.#", system.spawn<Order>(packer(name)), { queueGroup: "packers" });
}
let seen = 0;
broker.subscribe(
  "#",
  system.spawn(() => ({ receive: () => void (seen += 1) })),
);

const web = { sender: "web" } as const;
broker.publish("orders.paid.de", { id: "order-1", euros: 20 }, { ...web, id: "order-1" });
broker.publish("orders.paid.fr", { id: "order-2", euros: 35 }, { ...web, id: "order-2" });
broker.publish("orders.cancelled", { id: "order-0", euros: 0 }, web);
try {
  broker.publish("orders.paid.de", { id: "order-3", euros: -1 }, { sender: "mallory" });
} catch (error) {
  console.log(String(error));
}

// Nobody told the shop whether billing got the first order, so it publishes it again. Its redelivery is then one too many.
const suppressed = new Promise<string>((resolve) => system.events.on("duplicate-suppressed", ({ id }) => resolve(id)));
broker.publish("orders.paid.de", { id: "order-1", euros: 20 }, { ...web, id: "order-1" });
console.log(`billing: ${await suppressed} came again, and was charged already`);
console.log(`${seen} events seen, ${deadLetters.count("rejected")} refused`);
