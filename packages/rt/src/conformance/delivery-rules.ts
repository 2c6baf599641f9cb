import { newFragileInbox, newInbox } from "./inbox.ts";
import { expectSame, type Rule } from "./rule.ts";

const redelivery = { minMs: 10, maxMs: 10, maxAttempts: 3 } as const;

/** How often. */
export const deliveryRules: readonly Rule[] = [
  {
    of: "at-most-once",
    says: "does not deliver again what its handler crashed on",
    holds: async ({ broker, system, advance }) => {
      const { ref, got } = await newFragileInbox(system, 1);
      broker.subscribe("t", ref);
      broker.publish("t", 1);
      await advance(1000);
      expectSame("the events", got, [1]);
      expectSame("the dead letters", system.deadLetters.count("crashed"), 1);
    },
  },
  {
    of: "at-least-once",
    says: "delivers again, across restarts, until the handler has not failed",
    holds: async ({ broker, system, advance }) => {
      const { ref, envelopes } = await newFragileInbox(system, 2);
      broker.subscribe("t", ref, { delivery: "at-least-once", redelivery });
      broker.publish("t", 1, { id: "mine" });
      await advance(1000);
      expectSame(
        "the attempts",
        envelopes.map((envelope) => [envelope?.id, envelope?.attempt]),
        [
          ["mine", 1],
          ["mine", 2],
          ["mine", 3],
        ],
      );
      expectSame("the dead letters", system.deadLetters.total, 0);
    },
  },
  {
    of: "at-least-once",
    says: "gives up after so many attempts, with one dead letter",
    holds: async ({ broker, system, advance }) => {
      const { ref, got } = await newFragileInbox(system, 1000);
      broker.subscribe("t", ref, { delivery: "at-least-once", redelivery });
      broker.publish("t", 1);
      await advance(1000);
      expectSame("the events", got, [1, 1, 1]);
      expectSame(
        "the dead letters",
        system.deadLetters.list().map(({ reason }) => reason),
        ["attempts-exhausted"],
      );
    },
  },
  {
    of: "exactly-once",
    says: "does not handle a message id again that was handled, and handles one again that was not",
    holds: async ({ broker, system, advance }) => {
      const { ref, got } = await newFragileInbox(system, 1);
      broker.subscribe("t", ref, { delivery: "exactly-once", redelivery });
      broker.publish("t", "first", { id: "1" });
      await advance(1000);
      for (const id of ["1", "2", "2"]) broker.publish("t", `again ${id}`, { id });
      await advance(1000);
      expectSame("the events", got, ["first", "first", "again 2"]);
    },
  },
  {
    of: "a delivery guarantee",
    says: "is one subscription's alone",
    holds: async ({ broker, system, settled }) => {
      const [once, often] = [newInbox(system), newInbox(system)];
      broker.subscribe("t", once.ref, { delivery: "exactly-once" });
      broker.subscribe("t", often.ref);
      for (const event of [1, 2]) broker.publish("t", event, { id: "same" });
      await settled();
      expectSame("what both got", [once.got, often.got], [[1], [1, 2]]);
    },
  },
];
