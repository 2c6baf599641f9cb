import { newInbox } from "./inbox.ts";
import { expectCode, expectSame, type Rule } from "./rule.ts";

const SEND = "a send";
const REQUEST = "a request";
const PUBLISH = "a publish";
const SUBSCRIPTION = "a subscription";
const GROUP = "a queue group";

/** Who gets what. */
export const routingRules: readonly Rule[] = [
  {
    of: SEND,
    says: "reaches an actor by its registered name or its ref, in the order sent",
    holds: async ({ broker, system, settled }) => {
      const inbox = newInbox(system);
      system.registry.register("inbox", inbox.ref);
      for (let message = 0; message < 10; message += 1) broker.send(message % 2 === 0 ? "inbox" : inbox.ref, message);
      await settled();
      expectSame("the messages", inbox.got, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    },
  },
  {
    of: SEND,
    says: "carries its options in the envelope, and an id that no other envelope has",
    holds: async ({ broker, system, settled }) => {
      const { ref, envelopes } = newInbox(system);
      const options = { sender: "a", headers: { trace: "7" }, correlationId: "r", causationId: "c" };
      broker.send(ref, "first", options);
      broker.send(ref, "second", { id: "mine" });
      broker.send(ref, "third");
      await settled();
      const [first, second, third] = envelopes;
      const { sender, headers, correlationId, causationId, kind, payload, topic, attempt, isReplay } = first ?? {};
      expectSame(
        "the first envelope",
        { sender, headers, correlationId, causationId, kind, payload, topic, attempt, isReplay },
        { ...options, kind: "tell", payload: "first", topic: undefined, attempt: 1, isReplay: false },
      );
      expectSame("the second id", [second?.id, second?.correlationId], ["mine", "mine"]);
      expectSame("the number of ids", new Set([first?.id, second?.id, third?.id]).size, 3);
      expectSame("the third correlation id", third?.correlationId, third?.id);
    },
  },
  {
    of: REQUEST,
    says: "resolves to what the handler returns, and carries its deadline",
    holds: async ({ broker, system }) => {
      let hasDeadline = false;
      const doubling = system.spawn<number>(() => ({
        receive: (message, { envelope }): unknown => {
          hasDeadline = envelope?.deadline !== undefined;
          return message * 2;
        },
      }));
      expectSame("the reply", await broker.request(doubling, 21), 42);
      expectSame("whether there was a deadline", hasDeadline, true);
    },
  },
  {
    of: REQUEST,
    says: "rejects when no reply comes in time, and the late reply is a dead letter",
    holds: async ({ broker, system, settled, advance }) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const slow = system.spawn<unknown>(() => ({ receive: () => promise }));
      const waiting = expectCode("the request", "RT_ASK_TIMEOUT", () => broker.request(slow, "x", { timeoutMs: 100 }));
      await advance(200);
      await waiting;
      resolve("late");
      await settled();
      expectSame("the dead letters", system.deadLetters.count("late-reply"), 1);
    },
  },
  {
    of: PUBLISH,
    says: "reaches every subscriber whose pattern matches, once for each such pattern",
    holds: async ({ broker, system, settled }) => {
      const patterns = ["orders.paid", "orders.*", "orders.#", "#", "*", "invoices.#", "*.paid"];
      const inboxes = patterns.map((pattern) => {
        const inbox = newInbox(system);
        broker.subscribe(pattern, inbox.ref);
        return inbox;
      });
      for (const topic of ["orders.paid", "orders", "orders.paid.late", "invoices"]) broker.publish(topic, topic);
      await settled();
      expectSame(
        "what each pattern got",
        inboxes.map(({ got }) => got),
        [
          ["orders.paid"],
          ["orders.paid"],
          ["orders.paid", "orders", "orders.paid.late"],
          ["orders.paid", "orders", "orders.paid.late", "invoices"],
          ["orders", "invoices"],
          ["invoices"],
          ["orders.paid"],
        ],
      );
    },
  },
  {
    of: PUBLISH,
    says: "by a handle is the same as by name",
    holds: async ({ broker, system, settled }) => {
      const { ref, got, envelopes } = newInbox(system);
      const handle = broker.topic("t.u");
      handle.publish("nobody is there");
      broker.subscribe("t.*", ref);
      handle.publish(1);
      broker.publish("t.u", 2);
      await settled();
      expectSame("the events", got, [1, 2]);
      expectSame(
        "their topics",
        envelopes.map((envelope) => envelope?.topic),
        ["t.u", "t.u"],
      );
    },
  },
  {
    of: PUBLISH,
    says: "needs a topic without wildcards, and a subscription a pattern with `#` only at the end",
    holds: async ({ broker, system }) => {
      const { ref } = newInbox(system);
      for (const topic of ["", "a.", "a.*", "#"]) {
        await expectCode(`publish to "${topic}"`, "RT_INVALID_TOPIC", () => broker.publish(topic, 1));
      }
      for (const pattern of ["", "a..b", "#.a", "a*"]) {
        await expectCode(`subscribe to "${pattern}"`, "RT_INVALID_TOPIC", () => broker.subscribe(pattern, ref));
      }
    },
  },
  {
    of: SUBSCRIPTION,
    says: "ends when it is disposed, or with its actor, and is one however often it is made",
    holds: async ({ broker, system, settled }) => {
      const [first, second] = [newInbox(system), newInbox(system)];
      broker.subscribe("t", first.ref);
      const again = broker.subscribe("t", first.ref);
      broker.subscribe("t", second.ref);
      broker.publish("t", 1);
      await settled();
      again[Symbol.dispose]();
      await system.stop(second.ref);
      broker.publish("t", 2);
      await settled();
      expectSame("what both got", [first.got, second.got], [[1], [1]]);
      expectSame("the dead letters", system.deadLetters.total, 0);
    },
  },
  {
    of: GROUP,
    says: "gets each event once, shared among its members, beside those who subscribe alone",
    holds: async ({ broker, system, settled }) => {
      const members = [newInbox(system), newInbox(system), newInbox(system)];
      for (const { ref } of members) broker.subscribe("jobs", ref, { queueGroup: "workers" });
      const alone = newInbox(system);
      broker.subscribe("jobs", alone.ref);
      for (let job = 0; job < 9; job += 1) broker.publish("jobs", job);
      await settled();
      const shared = members.flatMap(({ got }) => got);
      expectSame(
        "what the group got",
        shared.map(Number).toSorted((a, b) => a - b),
        [0, 1, 2, 3, 4, 5, 6, 7, 8],
      );
      expectSame(
        "whether every member got some",
        members.every(({ got }) => got.length > 0),
        true,
      );
      expectSame("what the other got", alone.got.length, 9);
    },
  },
];
