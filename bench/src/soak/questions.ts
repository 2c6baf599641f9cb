import { crash, dawdle, Hand, type Order, read, refuseIt } from "./hand.ts";
import type { Scene } from "./scene.ts";

/** Well below what dawdling takes, also when the deadline is kept 20 ms late. */
const TOO_SHORT_MS = 4;

/** Questions that are answered, refused, and crash whom they are put to; bare and through the broker. */
const asking: Scene = async ({ system, ledger }) => {
  const supervisor = await system.supervise({
    id: "asking",
    strategy: "one-for-one",
    intensity: { maxRestarts: 100_000, withinMs: 1000 },
    children: [{ id: "clerk", start: () => new Hand(ledger) }],
  });
  const clerk = supervisor.child<Order>("clerk");
  system.registry.register("clerk", clerk);
  return () => {
    for (let asked = 0; asked < 5; asked += 1) ledger.ask(clerk, read);
    ledger.request(() => system.broker.request("clerk", read));
    ledger.request(async () => {
      await clerk.ask(refuseIt).catch((error: unknown) => {
        if (!(error instanceof RangeError)) throw error;
      });
    });
    ledger.ask(clerk, crash, {}, "RT_ACTOR_CRASHED");
  };
};

/** Questions whose time is over before they are answered, or before their turn. */
const askingInVain: Scene = async ({ system, ledger }) => {
  const slow = system.spawn<Order>(() => new Hand(ledger));
  return (beat) => {
    if (beat % 16 !== 0) return;
    const timeoutMs = TOO_SHORT_MS;
    ledger.ask(slow, dawdle, { timeoutMs }, "RT_ASK_TIMEOUT");
    ledger.ask(slow, read, { timeoutMs }, "RT_ASK_TIMEOUT");
    ledger.request(() => system.broker.request(slow, read, { timeoutMs }), "RT_ASK_TIMEOUT");
    ledger.tell(slow, read, { timeoutMs });
  };
};

/** Questions put from within a handler, and those that would wait for themselves. */
const askingOn: Scene = async ({ system, ledger }) => {
  const clerk = system.spawn<Order>(() => new Hand(ledger));
  const desk = system.spawn<Order>((context) => ({
    receive: async ({ type }: Order) => {
      ledger.handled += 1;
      if (type !== "read") return;
      ledger.request(() => context.ask(clerk, read));
      ledger.askInVain("RT_ASK_CYCLE", () => context.ask(desk, read));
    },
  }));
  return () => ledger.ask(desk, read);
};

/** Questions to somebody who stops before the answer. */
const askingTheDying: Scene =
  async ({ system, ledger }) =>
  () => {
    const dying = system.spawn<Order>(() => new Hand(ledger));
    ledger.ask(dying, read, {}, "RT_ACTOR_STOPPED");
    void system.stop(dying);
    ledger.ask(dying, read, {}, "RT_ACTOR_STOPPED");
  };

export const questions: readonly Scene[] = [asking, askingInVain, askingOn, askingTheDying];
