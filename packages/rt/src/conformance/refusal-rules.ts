import { refuse } from "../refusal.ts";
import { newInbox } from "./inbox.ts";
import { expectCode, expectSame, type Rule } from "./rule.ts";

const REFUSED = "a refused envelope";
const QUOTA = "a quota";
const INTERCEPTOR = "an interceptor";
const DEAD_LETTER = "a dead letter";
const fromA = { sender: "a" } as const;

/** What is not delivered. */
export const refusalRules: readonly Rule[] = [
  {
    of: REFUSED,
    says: "is thrown to its sender, rejects its request, and is a dead letter",
    holds: async ({ broker, system }) => {
      await expectCode("a send to nobody", "RT_RECIPIENT_NOT_FOUND", () => broker.send("nobody", 1));
      await expectCode("a request to nobody", "RT_RECIPIENT_NOT_FOUND", () => broker.request("nobody", 2));
      expectSame(
        "the dead letters",
        system.deadLetters.list().map(({ reason, message }) => [reason, message]),
        [
          ["not-found", 1],
          ["not-found", 2],
        ],
      );
    },
  },
  {
    of: QUOTA,
    says: "limits the rate of one sender alone, and until it is lifted",
    holds: async ({ broker, system, settled, advance }) => {
      const { ref, got } = newInbox(system);
      broker.limit(fromA, { rate: { messagesPerSecond: 1, burst: 2 } });
      for (const message of [1, 2]) broker.send(ref, message, fromA);
      await expectCode("a third", "RT_RATE_EXCEEDED", () => broker.send(ref, "too much", fromA));
      broker.send(ref, 3, { sender: "b" });
      await advance(1000);
      broker.send(ref, 4, fromA);
      await expectCode("one more", "RT_RATE_EXCEEDED", () => broker.send(ref, "too much", fromA));
      broker.limit(fromA, undefined);
      broker.send(ref, 5, fromA);
      await settled();
      expectSame("the messages", got, [1, 2, 3, 4, 5]);
      expectSame("the dead letters", system.deadLetters.count("rate-exceeded"), 2);
    },
  },
  {
    of: QUOTA,
    says: "of a topic is shared by all who publish to it",
    holds: async ({ broker, system, settled }) => {
      const { ref, got } = newInbox(system);
      broker.subscribe("#", ref);
      broker.limit({ topic: "orders.*" }, { rate: { messagesPerSecond: 1, burst: 1 }, maxPayloadBytes: 4 });
      broker.publish("orders.new", 1, fromA);
      await expectCode("a second", "RT_RATE_EXCEEDED", () => broker.publish("orders.paid", 2));
      const large = new Uint8Array(5);
      await expectCode("a large one", "RT_PAYLOAD_TOO_LARGE", () => broker.publish("orders.new", large));
      broker.publish("invoices", 3);
      await settled();
      expectSame("the events", got, [1, 3]);
    },
  },
  {
    of: QUOTA,
    says: "limits how many are in flight",
    holds: async ({ broker, system, settled }) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const slow = system.spawn<unknown>(() => ({ receive: () => promise }));
      broker.limit(fromA, { maxInFlight: 2 });
      for (const message of [1, 2]) broker.send(slow, message, fromA);
      await expectCode("a third", "RT_IN_FLIGHT_EXCEEDED", () => broker.send(slow, 3, fromA));
      resolve();
      await settled();
      broker.send(slow, 4, fromA);
    },
  },
  {
    of: QUOTA,
    says: "that throttles lets everything through in the order sent, later",
    holds: async ({ broker, system, settled, advance }) => {
      const { ref, got } = newInbox(system);
      broker.limit(fromA, { rate: { messagesPerSecond: 10, burst: 1 }, onExceeded: "throttle" });
      for (const message of [1, 2, 3]) broker.send(ref, message, fromA);
      await settled();
      expectSame("what came at once", got, [1]);
      await advance(1000);
      expectSame("what came in the end", got, [1, 2, 3]);
    },
  },
  {
    of: QUOTA,
    says: "that stops refuses everything until it is set anew",
    holds: async ({ broker, system, settled, advance }) => {
      const { ref, got } = newInbox(system);
      const quota = { rate: { messagesPerSecond: 10, burst: 1 }, onExceeded: "stop" } as const;
      broker.limit(fromA, quota);
      broker.send(ref, 1, fromA);
      await expectCode("one too many", "RT_RATE_EXCEEDED", () => broker.send(ref, 2, fromA));
      await advance(10_000);
      await expectCode("a later one", "RT_BARRED", () => broker.send(ref, 3, fromA));
      broker.limit(fromA, quota);
      broker.send(ref, 4, fromA);
      await settled();
      expectSame("the messages", got, [1, 4]);
    },
  },
  {
    of: INTERCEPTOR,
    says: "sees what the others let through, in order, and may refuse it",
    holds: async ({ broker, system, settled }) => {
      const { ref, got } = newInbox(system);
      const seen: unknown[] = [];
      broker.intercept(({ payload }) => (payload === "bad" ? refuse(new RangeError("not that")) : undefined));
      const second = broker.intercept(({ payload }) => void seen.push(payload));
      await expectCode("a bad one", "RangeError: not that", () => {
        try {
          broker.send(ref, "bad");
        } catch (error) {
          throw String(error);
        }
      });
      broker.send(ref, "good");
      second[Symbol.dispose]();
      broker.send(ref, "unseen");
      await settled();
      expectSame("what was seen and got", [seen, got], [["good"], ["good", "unseen"]]);
      expectSame("the dead letters", system.deadLetters.count("rejected"), 1);
    },
  },
  {
    of: INTERCEPTOR,
    says: "that throws lets the envelope through to nobody, and does not crash the sender",
    holds: async ({ broker, system, settled }) => {
      const { ref, got } = newInbox(system);
      broker.intercept(() => {
        throw new RangeError("at fault");
      });
      broker.send(ref, 1);
      await expectCode("a request", "RT_ENVELOPE_REJECTED", () => broker.request(ref, 2));
      await settled();
      expectSame("the messages", got, []);
      expectSame("the dead letters", system.deadLetters.count("rejected"), 2);
    },
  },
  {
    of: DEAD_LETTER,
    says: "is replayed in its envelope, marked, once",
    holds: async ({ broker, system, settled }) => {
      for (const message of ["one", "two"]) {
        await expectCode("a send", "RT_RECIPIENT_NOT_FOUND", () => broker.send("late", message, { id: message }));
      }
      const { ref, envelopes } = newInbox(system);
      system.registry.register("late", ref);
      expectSame(
        "how many were sent",
        broker.replay(({ message }) => message === "two"),
        1,
      );
      await settled();
      expectSame(
        "the envelopes",
        envelopes.map((envelope) => [envelope?.id, envelope?.payload, envelope?.isReplay]),
        [["two", "two", true]],
      );
      expectSame(
        "the dead letters left",
        system.deadLetters.list().map(({ message }) => message),
        ["one"],
      );
    },
  },
];
