import type { ActorRef, Subscription } from "@airssys/rt";
import { crash, dawdle, Hand, type Order, work } from "./hand.ts";
import type { Scene } from "./scene.ts";

/** Beats that a subscriber stays. */
const LIFETIME = 10;

/** The broker remembers the topics that match a pattern, up to ten thousand: with fewer than that, memory can be flat in minutes. */
const TOPICS = 500;

/** Subscriptions to topics and patterns that come and go, some with their actors. Topics that no pattern matches are never used again. */
const subscribing: Scene = async ({ system, ledger }) => {
  const { broker } = system;
  const subscribers: { readonly actor: ActorRef<Order>; readonly subscriptions: readonly Subscription[] }[] = [];
  const publish = (topic: string): void => {
    ledger.sent += broker.publish(topic, work, { sender: "soak" });
  };
  return (beat) => {
    const region = `soak.${beat % TOPICS}`;
    const actor = system.spawn<Order>(() => new Hand(ledger));
    const subscriptions = [
      broker.subscribe(`once.${beat}`, actor),
      broker.subscribe(`${region}.news`, actor),
      broker.subscribe(`${region}.*`, actor),
      broker.subscribe("soak.#", actor, { queueGroup: "all" }),
    ];
    subscribers.push({ actor, subscriptions });
    for (const topic of [`once.${beat}`, `${region}.news`, `${region}.weather`]) publish(topic);
    const oldest = subscribers.length > LIFETIME ? subscribers.shift() : undefined;
    if (oldest === undefined) return;
    if (beat % 2 === 0) for (const subscription of oldest.subscriptions) subscription[Symbol.dispose]();
    void system.stop(oldest.actor);
    publish(`once.${beat - LIFETIME}`);
  };
};

/** Events that crash their subscriber and are delivered again, until they are handled or were tried often enough. */
const redelivering: Scene = async ({ system, ledger }) => {
  const { broker } = system;
  const supervisor = await system.supervise({
    id: "redelivering",
    strategy: "one-for-one",
    intensity: { maxRestarts: 100_000, withinMs: 1000 },
    children: ["once", "twice"].map((id) => ({ id, start: () => new Hand(ledger) })),
  });
  const redelivery = { maxAttempts: 3, minMs: 5, maxMs: 20 };
  broker.subscribe("redelivered.*", supervisor.child("once"), { delivery: "at-least-once", redelivery });
  broker.subscribe("redelivered.*", supervisor.child("twice"), {
    delivery: "exactly-once",
    redelivery: { ...redelivery, rememberedIds: 1000 },
  });
  return (beat) => {
    ledger.sent += broker.publish("redelivered.now", beat % 10 === 0 ? crash : work);
  };
};

/** Messages that nobody handles, by every way there is to be lost; some are sent again. */
const losing: Scene = async ({ system, ledger }) => {
  const { broker } = system;
  const stopped = system.spawn<Order>(() => new Hand(ledger));
  await system.stop(stopped);
  const spawnFull = (overflow: "error" | "drop-newest" | "drop-oldest"): ActorRef<Order> =>
    system.spawn<Order>(() => new Hand(ledger), { mailbox: { capacity: 3, overflow } });
  const full = (["error", "drop-newest", "drop-oldest"] as const).map(spawnFull);
  broker.limit({ sender: "hasty" }, { rate: { messagesPerSecond: 1 } });
  return (beat) => {
    ledger.tell(stopped, work);
    ledger.send(() => broker.send("nobody", work), "RT_RECIPIENT_NOT_FOUND");
    ledger.send(() => broker.send(stopped, work, { sender: "hasty" }), "RT_RATE_EXCEEDED");
    for (const actor of full) for (let sent = 0; sent < 5; sent += 1) ledger.tell(actor, work);
    if (beat % 50 !== 0) return;
    ledger.sent += broker.replay(({ reason, envelope }) => reason === "mailbox-full" && envelope === undefined);
  };
};

/** Envelopes beyond a quota, which wait; and senders that wait for room in a mailbox. */
const waiting: Scene = async ({ system, ledger }) => {
  const { broker } = system;
  const hand = system.spawn<Order>(() => new Hand(ledger), { mailbox: { capacity: 5 } });
  broker.limit({ sender: "patient" }, { rate: { messagesPerSecond: 150, burst: 10 }, onExceeded: "throttle" });
  return (beat) => {
    ledger.send(() => broker.send(hand, work, { sender: "patient" }), "RT_MAILBOX_FULL");
    if (beat % 10 !== 0) return;
    ledger.tell(hand, dawdle);
    for (let sent = 0; sent < 8; sent += 1) ledger.request(() => hand.tellWhenRoom(work));
  };
};

export const events: readonly Scene[] = [subscribing, redelivering, losing, waiting];
