import { MAX_BATCH_OPERATIONS } from "../limits.ts";
import type { BatchOutcome, Write } from "../batch.ts";
import type { Namespace } from "../namespace.ts";
import { contentOf, textAt, textOf, untyped, value } from "./reading.ts";
import { expectCode, expectSame, type Rule } from "./rule.ts";

const COMPARE = "a compare-and-set";
const BATCH = "a batch";

/** Somebody succeeds in every round, so that eight who have to ten times each are done in eighty. */
const MOST_ATTEMPTS = 1000;

/** What is written on a condition, or together. */
export const batchRules: readonly Rule[] = [
  {
    of: COMPARE,
    says: "writes when the version is the expected one, and otherwise says which there is",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      expectSame("of what is not there", await orders.compareAndSet("a", 1, value("1")), conflictOn(undefined));
      const first = await orders.compareAndSet("a", undefined, value("1"));
      const version = (await orders.get("a"))?.version ?? 0;
      expectSame("the first", first, { type: "applied", version, deleted: 0, usedBytes: 2 });
      expectSame("of what is there", await orders.compareAndSet("a", undefined, value("2")), conflictOn(version));
      const second = await orders.compareAndSet("a", version, value("2"));
      expectSame("the second", second.type, "applied");
      const newer = (await orders.get("a"))?.version;
      expectSame("with the old version", await orders.compareAndSet("a", version, undefined), conflictOn(newer));
      expectSame("what it holds", await textAt(orders, "a"), "2");
      const deleted = await orders.compareAndSet("a", newer, undefined);
      expectSame("deleted", [deleted.type, "deleted" in deleted && deleted.deleted], ["applied", 1]);
      expectSame("whether it is there", await orders.exists("a"), false);
    },
  },
  {
    of: COMPARE,
    says: "loses no update of many who change one key",
    holds: async ({ store }) => {
      const counts = Array.from({ length: 8 }, () => countUp(store.namespace("counters"), 10));
      await Promise.all(counts);
      expectSame("the sum", await textAt(store.namespace("counters"), "a"), "80");
    },
  },
  {
    of: COMPARE,
    says: "is not deceived by a key that was deleted and set to the same again",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      const before = await orders.set("a", value("same"));
      await orders.delete("a");
      await orders.set("a", value("same"));
      expectSame("the outcome", (await orders.compareAndSet("a", before, value("stale"))).type, "conflict");
    },
  },
  {
    of: BATCH,
    says: "is written as one, with one version, the last write to a key being the one that counts",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      await orders.set("gone", value("1"));
      const outcome = await orders.batch([
        { type: "set", key: "a", value: value("first") },
        { type: "set", key: "b", value: value("b") },
        { type: "delete", key: "a" },
        { type: "set", key: "a", value: value("last") },
        { type: "delete", key: "gone" },
        { type: "delete", key: "never there" },
        { type: "set", key: "short", value: value("lived") },
        { type: "delete", key: "short" },
      ]);
      expectSame("what there is", await contentOf(orders), [
        ["a", "last"],
        ["b", "b"],
      ]);
      const versions = [(await orders.get("a"))?.version, (await orders.get("b"))?.version];
      expectSame("the outcome", outcome, { type: "applied", version: versions[0], deleted: 1, usedBytes: 7 });
      expectSame("the versions", versions[0], versions[1]);
    },
  },
  {
    of: BATCH,
    says: "writes nothing when one of its checks does not hold, and says which",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      const a = await orders.set("a", value("1"));
      const b = await orders.set("b", value("2"));
      const writes: readonly Write[] = [
        { type: "set", key: "a", value: value("new") },
        { type: "delete", key: "b" },
        { type: "set", key: "d", value: value("new") },
      ];
      const outcome = await orders.batch(writes, [
        { key: "a", version: a },
        { key: "b", version: b + 1 },
        { key: "c", version: b },
        { key: "d", version: undefined },
      ]);
      expectSame("the outcome", outcome, { type: "conflict", found: [{ key: "b", version: b }, { key: "c" }] });
      expectSame("what there is", await contentOf(orders), [
        ["a", "1"],
        ["b", "2"],
      ]);
      const again = await orders.batch(writes, [
        { key: "a", version: a },
        { key: "d", version: undefined },
      ]);
      expectSame("with checks that hold", again.type, "applied");
      expectSame("what there is then", await contentOf(orders), [
        ["a", "new"],
        ["d", "new"],
      ]);
    },
  },
  {
    of: BATCH,
    says: "of which one write is refused writes nothing",
    holds: async ({ store }) => {
      const orders = store.namespace("orders", { maxValueBytes: 3, maxKeyBytes: 3 });
      const good: Write = { type: "set", key: "a", value: value("1") };
      for (const [code, bad] of [
        ["STORAGE_VALUE_TOO_LARGE", { type: "set", key: "b", value: value("1234") }],
        ["STORAGE_KEY_TOO_LARGE", { type: "set", key: "1234", value: value("1") }],
        ["STORAGE_INVALID_KEY", { type: "delete", key: "" }],
        ["STORAGE_INVALID_OPTION", { type: "rename", key: "a" }],
      ] as const) {
        await expectCode(code, code, () => untyped(orders, "batch", [good, bad]));
      }
      await expectCode("no array", "STORAGE_INVALID_OPTION", () => untyped(orders, "batch", good));
      expectSame("what there is", await orders.usage(), { keys: 0, bytes: 0 });
    },
  },
  {
    of: BATCH,
    says: "may be empty, and then changes nothing",
    holds: async ({ store }) => {
      const orders = store.namespace("orders");
      expectSame("before all", (await orders.batch([])).type, "applied");
      const version = await orders.set("a", value("1"));
      const unchanged = { type: "applied", version, deleted: 0, usedBytes: 2 };
      expectSame("without anything", await orders.batch([]), unchanged);
      expectSame("with a check", await orders.batch([], [{ key: "a", version }]), unchanged);
      expectSame("of what is so already", await orders.batch([{ type: "delete", key: "b" }]), unchanged);
    },
  },
  {
    of: BATCH,
    says: "has at most 1000 writes, 1000 checks and 64 MiB",
    holds: async ({ store }) => {
      const orders = store.namespace("orders", { maxValueBytes: 33_554_432, quotaBytes: 1e9 });
      const writes = Array.from({ length: MAX_BATCH_OPERATIONS }, (_, index): Write => ({
        type: "set",
        key: `key-${index}`,
        value: value("1"),
      }));
      expectSame("as many as it may have", (await orders.batch(writes)).type, "applied");
      await expectCode("one more", "STORAGE_BATCH_TOO_LARGE", () =>
        orders.batch([...writes, { type: "delete", key: "a" }]),
      );
      const checks = Array.from({ length: MAX_BATCH_OPERATIONS + 1 }, () => ({ key: "a", version: undefined }));
      await expectCode("checks", "STORAGE_BATCH_TOO_LARGE", () => orders.batch([], checks));
      const large = new Uint8Array(33_554_432);
      const tooMuch = ["a", "b"].map((key): Write => ({ type: "set", key, value: large }));
      await expectCode("bytes", "STORAGE_BATCH_TOO_LARGE", () => orders.batch(tooMuch));
      expectSame("how many keys there are", (await orders.usage()).keys, MAX_BATCH_OPERATIONS);
    },
  },
];

function conflictOn(version: number | undefined): BatchOutcome {
  return { type: "conflict", found: [{ key: "a", version }] };
}

/** Reads a number and writes the next, so often, beginning anew when somebody else was quicker. */
async function countUp(counters: Namespace, times: number): Promise<void> {
  let done = 0;
  for (let attempts = 0; done < times && attempts < MOST_ATTEMPTS; attempts += 1) {
    const entry = await counters.get("a");
    const next = entry === undefined ? 1 : Number(textOf(entry.value)) + 1;
    const { type } = await counters.compareAndSet("a", entry?.version, value(String(next)));
    if (type === "applied") done += 1;
  }
}
