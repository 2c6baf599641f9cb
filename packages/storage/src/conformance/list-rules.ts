import type { Namespace } from "../namespace.ts";
import type { Store } from "../store.ts";
import { UNUSUAL_TEXTS } from "./hostile-text.ts";
import { allKeys, contentOf, textOf, value } from "./reading.ts";
import { expectCode, expectSame, type Rule } from "./rule.ts";

const LIST = "a list of keys";
const SNAPSHOT = "an iteration over the entries";

/** How keys are found. */
export const listRules: readonly Rule[] = [
  {
    of: LIST,
    says: "has them in the order of their bytes in UTF-8, whatever is in them",
    holds: async ({ store }) => {
      const orders = await withKeys(store, UNUSUAL_TEXTS.toReversed());
      expectSame("all", await orders.listKeys({ limit: 1000 }), { keys: UNUSUAL_TEXTS });
      for (const limit of [1, 2, UNUSUAL_TEXTS.length - 1, UNUSUAL_TEXTS.length]) {
        expectSame(`in pages of ${limit}`, await allKeys(orders, { limit }), UNUSUAL_TEXTS);
      }
    },
  },
  {
    of: LIST,
    says: "has those that begin with its prefix, character by character",
    holds: async ({ store }) => {
      const orders = await withKeys(store, UNUSUAL_TEXTS);
      for (const prefix of ["", "a", "a\u0000", "orders", "orders\u0000", "\ufeff", "\u{10ffff}", "caf", "none", "b"]) {
        const expected = UNUSUAL_TEXTS.filter((key) => key.startsWith(prefix));
        expectSame(`with ${JSON.stringify(prefix)}`, await orders.listKeys({ prefix }), { keys: expected });
        expectSame("in pages", await allKeys(orders, { prefix, limit: 1 }), expected);
      }
      expectSame("longer than any key", await orders.listKeys({ prefix: "a".repeat(100_000) }), { keys: [] });
    },
  },
  {
    of: LIST,
    says: "has every key once that is there all the time, whatever comes and goes between its pages",
    holds: async ({ store }) => {
      const staying = Array.from({ length: 40 }, (_, index) => `key-${String(index).padStart(2, "0")}`);
      const orders = await withKeys(store, staying);
      let round = 0;
      const listed = await allKeys(orders, { prefix: "key-", limit: 3 }, async () => {
        round += 1;
        await orders.delete(`key-${String(round * 3 - 1).padStart(2, "0")}+`);
        // In front of, at and behind the cursor: the last of these is the only one that may be listed.
        for (const key of ["key-", `key-${String(round * 3 - 1).padStart(2, "0")}+`, "key-99"]) {
          await orders.set(key, value("new"));
        }
      });
      const old = listed.filter((key) => staying.includes(key));
      expectSame("those that stayed", old, staying);
      expectSame("how many are listed twice", listed.length - new Set(listed).size, 0);
    },
  },
  {
    of: LIST,
    says: "goes on where it was when the key of its cursor is gone",
    holds: async ({ store }) => {
      const orders = await withKeys(store, ["a", "b", "c", "d"]);
      const { keys, cursor } = await orders.listKeys({ limit: 2 });
      for (const key of keys) await orders.delete(key);
      expectSame("the rest", await orders.listKeys({ cursor }), { keys: ["c", "d"] });
    },
  },
  {
    of: LIST,
    says: "refuses limits, prefixes and cursors that are none",
    holds: async ({ store }) => {
      const orders = await withKeys(store, ["a1", "a2", "b1", "b2"]);
      for (const limit of [0, -1, 1001, 1.5, Number.NaN]) {
        await expectCode(`limit ${limit}`, "STORAGE_INVALID_OPTION", () => orders.listKeys({ limit }));
      }
      await expectCode("half a character", "STORAGE_INVALID_OPTION", () => orders.listKeys({ prefix: "\ud800" }));
      for (const cursor of ["", "a1", "!", "\u0000", "7____w", "x".repeat(100_000)]) {
        await expectCode(`cursor ${cursor.slice(0, 9)}`, "STORAGE_INVALID_CURSOR", () => orders.listKeys({ cursor }));
      }
      const { cursor } = await orders.listKeys({ prefix: "a", limit: 1 });
      await expectCode("of another prefix", "STORAGE_INVALID_CURSOR", () => orders.listKeys({ prefix: "b", cursor }));
    },
  },
  {
    of: SNAPSHOT,
    says: "has all of them in the order of their keys, as they were when it began",
    holds: async ({ store }) => {
      const keys = Array.from({ length: 300 }, (_, index) => `key-${String(index).padStart(3, "0")}`);
      const orders = await withKeys(store, keys);
      const seen: (readonly [string, string])[] = [];
      for await (const entry of orders.entries()) {
        if (seen.length === 0) await changeAll(orders, keys);
        seen.push([entry.key, textOf(entry.value)]);
      }
      expectSame(
        "what it saw",
        seen,
        keys.map((key) => [key, key]),
      );
      expectSame("how many there are now", (await orders.usage()).keys, 301 - 150);
    },
  },
  {
    of: SNAPSHOT,
    says: "begins behind what was written before, and may be left early",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      const written = orders.set("a", value("1"));
      expectSame("what it saw", await contentOf(orders), [["a", "1"]]);
      await written;
      await orders.set("b", value("2"));
      for await (const { key } of orders.entries()) {
        expectSame("the first", key, "a");
        break;
      }
      await orders.set("a", value("3"));
      expectSame("what another one saw", await contentOf(orders), [
        ["a", "3"],
        ["b", "2"],
      ]);
    },
  },
];

async function withKeys(store: Store, keys: readonly string[]): Promise<Namespace> {
  const orders = store.namespace("orders");
  await Promise.all(keys.map((key) => orders.set(key, value(key))));
  return orders;
}

/** Deletes every second key, changes the others, and adds one. */
async function changeAll(orders: Namespace, keys: readonly string[]): Promise<void> {
  await orders.batch([
    ...keys.map((key, index) =>
      index % 2 === 0 ? ({ type: "delete", key } as const) : ({ type: "set", key, value: value("changed") } as const),
    ),
    { type: "set", key: "key-999", value: value("new") },
  ]);
}
