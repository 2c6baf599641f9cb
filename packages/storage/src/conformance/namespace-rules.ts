import { MAX_NAME_BYTES } from "../store.ts";
import { NO_TEXTS, UNUSUAL_TEXTS } from "./hostile-text.ts";
import { contentOf, textAt, value } from "./reading.ts";
import { expectCode, expectSame, type Rule } from "./rule.ts";

const NAMESPACE = "a namespace";
const STORE = "a store";

/** What separates one namespace from another, and the store from both. */
export const namespaceRules: readonly Rule[] = [
  {
    of: NAMESPACE,
    says: "shows nothing of another one, whatever is in their names and keys",
    holds: async ({ store }) => {
      for (const name of UNUSUAL_TEXTS) {
        const namespace = store.namespace(name);
        for (const key of UNUSUAL_TEXTS) await namespace.set(key, value(JSON.stringify([name, key])));
      }
      for (const name of UNUSUAL_TEXTS) {
        const expected = UNUSUAL_TEXTS.map((key) => [key, JSON.stringify([name, key])]);
        expectSame(`the content of ${JSON.stringify(name)}`, await contentOf(store.namespace(name)), expected);
      }
      const [first = ""] = UNUSUAL_TEXTS;
      for (const key of UNUSUAL_TEXTS) await store.namespace(first).delete(key);
      const { keys } = await store.listNamespaces({ limit: 1000 });
      expectSame("the namespaces left", keys, UNUSUAL_TEXTS.slice(1));
      expectSame("what another still holds", (await store.namespace("a").usage()).keys, UNUSUAL_TEXTS.length);
    },
  },
  {
    of: NAMESPACE,
    says: "is the same for all handles of its name",
    holds: async ({ store }) => {
      const [one, other] = [store.namespace("orders"), store.namespace("orders", { quotaBytes: 10 })];
      await one.set("a", value("1"));
      expectSame("what the other sees", await textAt(other, "a"), "1");
      expectSame("what the other uses", await other.usage(), { keys: 1, bytes: 2 });
      await expectCode("more than the other's quota", "STORAGE_QUOTA_EXCEEDED", () =>
        other.set("b", new Uint8Array(8)),
      );
      await one.set("b", new Uint8Array(8));
      expectSame("what there is", await other.usage(), { keys: 2, bytes: 11 });
    },
  },
  {
    of: NAMESPACE,
    says: "says its name and limits, and does not take others",
    holds: async ({ store }) => {
      const limits = { quotaBytes: 100, maxKeyBytes: 10, maxValueBytes: 20 };
      const orders = store.namespace("orders", limits);
      await store.namespace("secret").set("a", value("1"));
      for (const [property, other] of [
        ["name", "secret"],
        ["limits", { quotaBytes: 1e9, maxKeyBytes: 1024, maxValueBytes: 1e6 }],
      ] as const) {
        // Whether it is refused with an error or without one.
        Reflect.set(orders, property, other);
      }
      limits.quotaBytes = 1e9;
      expectSame("its name", orders.name, "orders");
      expectSame("its limits", orders.limits, { quotaBytes: 100, maxKeyBytes: 10, maxValueBytes: 20 });
      expectSame("what it sees", await orders.exists("a"), false);
    },
  },
  {
    of: NAMESPACE,
    says: "has a name of 1 to 255 bytes that is a proper string",
    holds: async ({ store }) => {
      const tooLong = "ä".repeat(Math.ceil((MAX_NAME_BYTES + 1) / 2));
      for (const name of [...NO_TEXTS, tooLong]) {
        await expectCode(JSON.stringify(name), "STORAGE_INVALID_NAMESPACE", () => store.namespace(name));
      }
      await store.namespace("n".repeat(MAX_NAME_BYTES)).set("a", value("1"));
    },
  },
  {
    of: NAMESPACE,
    says: "has limits that are whole numbers in bounds",
    holds: async ({ store }) => {
      for (const limits of [
        { quotaBytes: -1 },
        { quotaBytes: 0.5 },
        { quotaBytes: Number.NaN },
        { maxKeyBytes: 0 },
        { maxKeyBytes: 65_537 },
        { maxValueBytes: Number.POSITIVE_INFINITY },
        { group: "" },
        { group: "orders/" },
      ]) {
        await expectCode(JSON.stringify(limits), "STORAGE_INVALID_OPTION", () => store.namespace("orders", limits));
      }
    },
  },
  {
    of: STORE,
    says: "lists the namespaces that hold something, in the order of their bytes and in pages",
    holds: async ({ store }) => {
      expectSame("those of an empty one", await store.listNamespaces(), { keys: [] });
      for (const name of UNUSUAL_TEXTS.toReversed()) await store.namespace(name).set("a", value(""));
      await store.namespace("looked at").get("a");
      await store.namespace("emptied").set("a", value("1"));
      await store.namespace("emptied").delete("a");
      const first = await store.listNamespaces({ limit: 7 });
      const rest = await store.listNamespaces({ limit: 1000, cursor: first.cursor });
      const names = [...first.keys, ...rest.keys];
      expectSame("those of two pages", names, UNUSUAL_TEXTS);
      expectSame("those with a prefix", (await store.listNamespaces({ prefix: "orders" })).keys, [
        "orders",
        "orders\u0000",
        "orders\u0000a",
        "orders/a",
      ]);
    },
  },
  {
    of: STORE,
    says: "that is closed has done what it was told, does no more, and may be closed again",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      const written = orders.set("a", value("1"));
      const closed = store.close();
      await Promise.all([written, closed, store.close()]);
      await expectCode("a get", "STORAGE_CLOSED", () => orders.get("a"));
      await expectCode("a set", "STORAGE_CLOSED", () => orders.set("a", value("2")));
      await expectCode("a list", "STORAGE_CLOSED", () => orders.listKeys());
      await expectCode("a usage", "STORAGE_CLOSED", () => orders.usage());
      await expectCode("a snapshot", "STORAGE_CLOSED", () => contentOf(orders));
      await expectCode("a list of namespaces", "STORAGE_CLOSED", () => store.listNamespaces());
    },
  },
];
