import { InvalidValueError } from "../errors.ts";
import type { Namespace } from "../namespace.ts";
import { NO_TEXTS } from "./hostile-text.ts";
import { textAt, textOf, untyped, value } from "./reading.ts";
import { expectCode, expectSame, type Rule } from "./rule.ts";

const ENTRY = "an entry";
const KEY = "a key";
const VALUE = "a value";
const VERSION = "a version";
const CALL = "a call";

/** What is set, read and deleted under one key. */
export const entryRules: readonly Rule[] = [
  {
    of: ENTRY,
    says: "is what was set last, until it is deleted",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      expectSame("a key that was never set", [await orders.get("a"), await orders.exists("a")], [null, false]);
      await orders.set("a", value("1"));
      await orders.set("a", value("two"));
      expectSame("what it holds", [await textAt(orders, "a"), await orders.exists("a")], ["two", true]);
      expectSame("whether it was there", [await orders.delete("a"), await orders.delete("a")], [true, false]);
      expectSame("after that", [await orders.get("a"), await orders.exists("a")], [null, false]);
    },
  },
  {
    of: VALUE,
    says: "may be empty, or any bytes",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      await orders.set("none", new Uint8Array(0));
      await orders.set("all", all);
      await orders.set("part", all.subarray(100, 103));
      expectSame("no bytes", (await orders.get("none"))?.value.length, 0);
      expectSame("all bytes", [...((await orders.get("all"))?.value ?? [])], [...all]);
      expectSame("part of an array", [...((await orders.get("part"))?.value ?? [])], [100, 101, 102]);
      expectSame("whether an empty one exists", await orders.exists("none"), true);
    },
  },
  {
    of: VALUE,
    says: "is copied when it is set and when it is got",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      const mine = value("abc");
      const written = orders.set("a", mine);
      mine.fill(0);
      await written;
      const got = await orders.get("a");
      expectSame("what was set", got === undefined ? undefined : textOf(got.value), "abc");
      got?.value.fill(0);
      expectSame("what is there still", await textAt(orders, "a"), "abc");
      const large = new Uint8Array(300_000).fill(7);
      await orders.set("large", large);
      expectSame("a large one of the caller's", [large.length, large[299_999]], [300_000, 7]);
    },
  },
  {
    of: VALUE,
    says: "is a Uint8Array of at most so many bytes",
    holds: async ({ store }) => {
      const orders = store.namespace("orders", { maxValueBytes: 3 });
      await orders.set("a", value("abc"));
      await expectCode("a larger one", "STORAGE_VALUE_TOO_LARGE", () => orders.set("a", value("abcd")));
      const detached = new Uint8Array(3);
      structuredClone(detached, { transfer: [detached.buffer] });
      const noValues = ["abc", [1, 2, 3], null, undefined, new DataView(new ArrayBuffer(3)), detached];
      for (const [index, no] of noValues.entries()) {
        await expectCode(`no value ${index}`, "STORAGE_INVALID_VALUE", () => untyped(orders, "set", "a", no));
      }
      expectSame("what is there still", await textAt(orders, "a"), "abc");
      // Only writing is limited.
      expectSame("with a lower limit", await textAt(store.namespace("orders", { maxValueBytes: 0 }), "a"), "abc");
    },
  },
  {
    of: KEY,
    says: "is a string with bytes in UTF-8, at most so many",
    holds: async ({ store }) => {
      const orders = store.namespace("orders", { maxKeyBytes: 4 });
      for (const [kind, call] of callsOn(orders)) {
        for (const no of NO_TEXTS) await expectCode(kind, "STORAGE_INVALID_KEY", () => call(no));
        // A caller without types.
        for (const no of [undefined, null, 1, {}, ["a"]]) {
          await expectCode(kind, "STORAGE_INVALID_KEY", () => Reflect.apply(call, undefined, [no]));
        }
      }
      await orders.set("äö", value("1"));
      await orders.set("\u{1f600}", value("2"));
      await expectCode("one byte more", "STORAGE_KEY_TOO_LARGE", () => orders.set("äöa", value("3")));
      await expectCode("in a batch", "STORAGE_KEY_TOO_LARGE", () =>
        orders.batch([{ type: "set", key: "abcde", value: value("3") }]),
      );
      await expectCode("a very long one", "STORAGE_KEY_TOO_LARGE", () => orders.get("a".repeat(10_000_000)));
      expectSame("the keys", (await orders.listKeys()).keys, ["äö", "\u{1f600}"]);
      // Only writing is limited.
      const lower = store.namespace("orders", { maxKeyBytes: 1 });
      expectSame("with a lower limit", [await textAt(lower, "äö"), await lower.delete("äö")], ["1", true]);
    },
  },
  {
    of: VERSION,
    says: "grows with every write, and is not used again when the key is",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      const first = await orders.set("a", value("same"));
      const second = await orders.set("a", value("same"));
      expectSame("of what is there", (await orders.get("a"))?.version, second);
      await orders.delete("a");
      const third = await orders.set("a", value("same"));
      const other = await orders.set("b", value("1"));
      const versions = [first, second, third, other];
      expectSame(
        "in order, from 1",
        [0, ...versions].toSorted((a, b) => a - b),
        [0, ...versions],
      );
      expectSame("how many are different", new Set(versions).size, 4);
      expectSame("of one that was not written again", (await orders.get("a"))?.version, third);
    },
  },
  {
    of: CALL,
    says: "takes effect behind those made before on the namespace, also when nobody waited for them",
    holds: async ({ store }) => {
      const [orders, same] = [store.namespace("orders"), store.namespace("orders")];
      const set = (text: string): Promise<string> => same.set("a", value(text)).then(() => "set");
      const answers = await Promise.all([
        textAt(orders, "a"),
        set("1"),
        textAt(orders, "a"),
        set("2"),
        orders.listKeys(),
        orders.usage(),
        orders.delete("a"),
        same.exists("a"),
        same.delete("a"),
        orders.usage(),
        set("3"),
        textAt(orders, "a"),
        store.listNamespaces(),
      ]);
      expectSame("the answers", answers, [
        null,
        "set",
        "1",
        "set",
        { keys: ["a"] },
        { keys: 1, bytes: 2 },
        true,
        false,
        false,
        { keys: 0, bytes: 0 },
        "set",
        "3",
        { keys: ["orders"] },
      ]);
    },
  },
  {
    of: CALL,
    says: "rejects with what is wrong, and never throws",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      let thrown: unknown;
      let rejected: unknown;
      try {
        await Promise.resolve(untyped(orders, "set", "a", 1)).catch((error: unknown) => {
          rejected = error;
        });
      } catch (error) {
        thrown = error;
      }
      expectSame("thrown", thrown, undefined);
      expectSame("rejected", rejected instanceof Error && rejected.name, InvalidValueError.name);
    },
  },
];

function callsOn(orders: Namespace): readonly (readonly [string, (key: string) => Promise<unknown>])[] {
  const nothing = value("");
  return [
    ["a get", (key) => orders.get(key)],
    ["an exists", (key) => orders.exists(key)],
    ["a set", (key) => orders.set(key, nothing)],
    ["a delete", (key) => orders.delete(key)],
    ["a compare-and-set", (key) => orders.compareAndSet(key, undefined, nothing)],
    ["a batch that sets", (key) => orders.batch([{ type: "set", key, value: nothing }])],
    ["a batch that deletes", (key) => orders.batch([{ type: "delete", key }])],
    ["a batch that checks", (key) => orders.batch([], [{ key, version: 1 }])],
  ];
}
