import { textAt, contentOf, value } from "./reading.ts";
import { expectSame, type Rule } from "./rule.ts";

const DURABLE = "a durable store";

/** What outlives a store that can be opened anew. */
export const durabilityRules: readonly Rule[] = [
  {
    of: DURABLE,
    says: "has what it had when it is opened anew",
    holds: async ({ store, reopen }) => {
      const orders = store.namespace("orders");
      await orders.batch([
        { type: "set", key: "a\u0000\u{10ffff}", value: value("1") },
        { type: "set", key: "b", value: new Uint8Array(0) },
        { type: "set", key: "large", value: new Uint8Array(1_000_000).fill(120) },
      ]);
      await store.namespace("\u0000").set("c", value("3"));
      await store.namespace("emptied").set("d", value("4"));
      await store.namespace("emptied").delete("d");
      const [content, usage] = [await contentOf(orders), await orders.usage()];
      const again = await reopen?.();
      const reopened = again?.namespace("orders");
      expectSame("the namespaces", (await again?.listNamespaces())?.keys, ["\u0000", "orders"]);
      expectSame("the usage", await reopened?.usage(), usage);
      expectSame("the content", reopened && (await contentOf(reopened)), content);
    },
  },
  {
    of: DURABLE,
    says: "does not use a version again, also not of a namespace that was empty",
    holds: async ({ store, reopen }) => {
      const before = await store.namespace("orders").set("a", value("same"));
      await store.namespace("orders").delete("a");
      const orders = (await reopen?.())?.namespace("orders");
      const after = await orders?.set("a", value("same"));
      expectSame("whether it is newer", after !== undefined && after > before, true);
      expectSame("with the old version", (await orders?.compareAndSet("a", before, value("stale")))?.type, "conflict");
      expectSame("what it holds", orders && (await textAt(orders, "a")), "same");
    },
  },
];
