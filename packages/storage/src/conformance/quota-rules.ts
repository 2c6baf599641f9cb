import type { Write } from "../batch.ts";
import { textAt, value } from "./reading.ts";
import { expectCode, expectSame, type Rule } from "./rule.ts";

const QUOTA = "a quota";

/** What a namespace may hold. */
export const quotaRules: readonly Rule[] = [
  {
    of: QUOTA,
    says: "counts the bytes of keys and values, exactly",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      expectSame("of none", await orders.usage(), { keys: 0, bytes: 0 });
      await orders.set("äa", value("12345"));
      expectSame("of one", await orders.usage(), { keys: 1, bytes: 8 });
      await orders.set("äa", value("1"));
      await orders.set("b", value(""));
      expectSame("of a shorter one, and an empty one", await orders.usage(), { keys: 2, bytes: 5 });
      await orders.delete("none");
      await orders.delete("äa");
      expectSame("after it was deleted", await orders.usage(), { keys: 1, bytes: 1 });
    },
  },
  {
    of: QUOTA,
    says: "can be used up to the last byte, and not beyond",
    holds: async ({ store }) => {
      const orders = store.namespace("orders", { quotaBytes: 10 });
      await orders.set("a", value("123456789"));
      await expectCode("a key without a value", "STORAGE_QUOTA_EXCEEDED", () => orders.set("b", value("")));
      await expectCode("a byte more", "STORAGE_QUOTA_EXCEEDED", () => orders.set("a", value("1234567890")));
      expectSame(
        "what is there",
        [await textAt(orders, "a"), await orders.usage()],
        ["123456789", { keys: 1, bytes: 10 }],
      );
      await orders.set("a", value("987654321"));
      await orders.set("a", value("12345678"));
      await orders.set("b", value(""));
      expectSame("in the end", await orders.usage(), { keys: 2, bytes: 10 });
      await expectCode("of nothing", "STORAGE_QUOTA_EXCEEDED", () =>
        store.namespace("none", { quotaBytes: 0 }).set("a", value("")),
      );
    },
  },
  {
    of: QUOTA,
    says: "says on its error what there is, what was needed and what is allowed",
    holds: async ({ store }) => {
      const orders = store.namespace("orders", { quotaBytes: 10 });
      await orders.set("a", value("1234"));
      const error: unknown = await orders.set("b", value("123456")).catch((reason: unknown) => reason);
      const { usedBytes, neededBytes, quotaBytes } = Object(error);
      expectSame(
        "the figures",
        { usedBytes, neededBytes, quotaBytes },
        { usedBytes: 5, neededBytes: 12, quotaBytes: 10 },
      );
    },
  },
  {
    of: QUOTA,
    says: "holds for all who write at the same time",
    holds: async ({ store }) => {
      const handles = [1, 2, 3].map(() => store.namespace("orders", { quotaBytes: 100 }));
      const attempts = handles.flatMap((handle, h) =>
        Array.from({ length: 20 }, (_, index) => handle.set(`${h}${String(index).padStart(2, "0")}`, value("1234567"))),
      );
      const results = await Promise.allSettled(attempts);
      expectSame("how many were written", results.filter(({ status }) => status === "fulfilled").length, 10);
      expectSame("what there is", await handles[0]?.usage(), { keys: 10, bytes: 100 });
    },
  },
  {
    of: QUOTA,
    says: "is for the outcome of a batch",
    holds: async ({ store }) => {
      const orders = store.namespace("orders", { quotaBytes: 20 });
      await orders.batch([set("a", "123456789"), set("b", "123456789")]);
      await orders.batch([set("c", "123456789"), { type: "delete", key: "a" }]);
      await orders.batch([set("d", "1234567890123456789"), set("d", ""), { type: "delete", key: "c" }]);
      expectSame("what there is", await orders.usage(), { keys: 2, bytes: 11 });
      await expectCode("one that is too much", "STORAGE_QUOTA_EXCEEDED", () =>
        orders.batch([{ type: "delete", key: "d" }, set("e", "12345"), set("f", "12345")]),
      );
      expectSame("what there is still", (await orders.listKeys()).keys, ["b", "d"]);
      expectSame("and uses", await orders.usage(), { keys: 2, bytes: 11 });
    },
  },
  {
    of: QUOTA,
    says: "that was lowered below what there is allows only what does not add to it",
    holds: async ({ store }) => {
      await store.namespace("orders").set("a", value("123456789"));
      const lower = store.namespace("orders", { quotaBytes: 5 });
      await expectCode("a byte more", "STORAGE_QUOTA_EXCEEDED", () => lower.set("a", value("1234567890")));
      await lower.set("a", value("987654321"));
      await lower.set("a", value("12345678"));
      await expectCode("another key", "STORAGE_QUOTA_EXCEEDED", () => lower.set("b", value("")));
      await lower.delete("a");
      await lower.set("b", value("1234"));
      expectSame("what there is", await lower.usage(), { keys: 1, bytes: 5 });
    },
  },
  {
    of: QUOTA,
    says: "may be that of all namespaces whose names begin alike, to the byte",
    holds: async ({ store }) => {
      const limits = { quotaBytes: 20, group: "shop/" };
      const [orders, returns] = [store.namespace("shop/orders", limits), store.namespace("shop/returns", limits)];
      await store.namespace("shop").set("a", value("123456789"));
      await store.namespace("shop0").set("a", value("123456789"));
      const [first] = await Promise.all([
        orders.batch([set("a", "123456789")]),
        returns.set("b", value("12345")),
        returns.set("c", value("123")),
      ]);
      expectSame("what the first used", Reflect.get(first, "usedBytes"), 10);
      await expectCode("a key more", "STORAGE_QUOTA_EXCEEDED", () => orders.set("b", value("")));
      const error: unknown = await returns.set("b", value("123456")).catch((reason: unknown) => reason);
      const { usedBytes, neededBytes } = Object(error);
      expectSame("the figures", { usedBytes, neededBytes }, { usedBytes: 20, neededBytes: 21 });
      await orders.set("a", value("12345678"));
      const last = await returns.batch([set("b", "123456")]);
      expectSame("what the last used", Reflect.get(last, "usedBytes"), 20);
      expectSame("of one", await orders.usage(), { keys: 1, bytes: 9 });
    },
  },
  {
    of: QUOTA,
    says: "of a group holds for all who write at the same time",
    holds: async ({ store }) => {
      const limits = { quotaBytes: 100, group: "shop/" };
      const handles = ["a", "b", "c"].map((name) => store.namespace(`shop/${name}`, limits));
      const attempts = handles.flatMap((handle) =>
        Array.from({ length: 20 }, (_, index) => handle.set(String(index).padStart(3, "0"), value("1234567"))),
      );
      const results = await Promise.allSettled(attempts);
      expectSame("how many were written", results.filter(({ status }) => status === "fulfilled").length, 10);
      let bytes = 0;
      for (const handle of handles) bytes += (await handle.usage()).bytes;
      expectSame("what there is", bytes, 100);
    },
  },
];

function set(key: string, text: string): Write {
  return { type: "set", key, value: value(text) };
}
