import type { Applied, Conflict, Write } from "../batch.ts";
import type { Namespace } from "../namespace.ts";
import type { Store } from "../store.ts";
import { Model, type ModelCheck, type ModelNamespace } from "./model.ts";
import { textOf, value } from "./reading.ts";
import { expectSame } from "./rule.ts";
import { oneOf, type Random } from "./seeded-random.ts";

/** Small, so that quotas are reached. */
const QUOTA_BYTES = 60;
const MOST_AT_ONCE = 6;

/** A call that was made, and what the model says must come of it. */
interface Call {
  readonly says: string;
  readonly answer: Promise<unknown>;
  readonly expected: unknown;
}

/** A namespace of the store beside its model. */
class Pair {
  readonly handles: readonly [Namespace, Namespace];
  readonly model: ModelNamespace;
  /** The versions seen of the model's changes. */
  readonly #versions = new Map<number, number>();

  constructor(store: Store, name: string, model: Model) {
    const limits = { quotaBytes: QUOTA_BYTES };
    this.handles = [store.namespace(name, limits), store.namespace(name, limits)];
    this.model = model.namespace(name);
  }

  /** The change that a version is of, when it is the first one seen of it, or the same as before. */
  changeOf(version: number, expected: number): number | string {
    const known = this.#versions.get(expected) ?? version;
    this.#versions.set(expected, known);
    return known === version ? expected : `version ${version} instead of ${known}`;
  }

  /** A version that was seen, or one that never was. */
  someVersion(random: Random): { readonly change: number; readonly version: number } {
    const seen = [...this.#versions].map(([change, version]) => ({ change, version }));
    return oneOf(random, { change: -1, version: 0 }, ...seen.slice(-4));
  }

  expectGrowing(): void {
    const versions = [...this.#versions].toSorted(([a], [b]) => a - b).map(([, version]) => version);
    expectSame(
      "the versions in the order of the changes",
      versions,
      [...new Set(versions)].toSorted((a, b) => a - b),
    );
  }
}

/**
 * Makes so many random calls on a store, several at once without waiting, and compares every answer with that of the model.
 *
 * @throws ConformanceError
 */
export async function compareWithModel(store: Store, random: Random, calls: number): Promise<void> {
  const model = new Model();
  const pairs = ["orders", "orders\u0000", "\u{1f600}"].map((name) => new Pair(store, name, model));
  for (let made = 0; made < calls;) {
    const atOnce = Array.from({ length: 1 + random(MOST_AT_ONCE) }, () => randomCall(store, model, pairs, random));
    made += atOnce.length;
    const answers = await Promise.all(atOnce.map(({ answer }) => answer));
    for (const [index, { says, expected }] of atOnce.entries()) {
      expectSame(`call ${made - atOnce.length + index + 1}, ${says}`, answers[index], expected);
    }
  }
  for (const pair of pairs) pair.expectGrowing();
}

function randomCall(store: Store, model: Model, pairs: readonly Pair[], random: Random): Call {
  const pair = pairs[random(pairs.length)];
  if (pair === undefined || random(20) === 0) {
    const expected = model.listNamespaces();
    return { says: "a list of namespaces", answer: store.listNamespaces().then(({ keys }) => keys), expected };
  }
  const handle = pair.handles[random(2)] ?? pair.handles[0];
  return randomCallOn(pair, handle, random);
}

function randomCallOn(pair: Pair, handle: Namespace, random: Random): Call {
  const { model } = pair;
  const key = randomKey(random);
  switch (random(9)) {
    case 0: {
      const held = model.get(key);
      return {
        says: `a get of ${JSON.stringify(key)}`,
        answer: handle.get(key).then((entry) => {
          return entry && { text: textOf(entry.value), change: pair.changeOf(entry.version, held?.change ?? -1) };
        }),
        expected: held,
      };
    }
    case 1:
      return { says: "an exists", answer: handle.exists(key), expected: model.get(key) !== undefined };
    case 2:
      return { says: "a usage", answer: handle.usage(), expected: model.usage };
    case 3: {
      const prefix = oneOf(random, "", "a", "a\u0000", "\ufeff", "z");
      const limit = 1 + random(4);
      const keys = model.list(prefix);
      return {
        says: `a list with ${JSON.stringify(prefix)}`,
        answer: handle.listKeys({ prefix, limit }).then((page) => [page.keys, page.cursor !== undefined]),
        expected: [keys.slice(0, limit), keys.length > limit],
      };
    }
    case 4: {
      const isThere = model.get(key) !== undefined;
      model.batch([{ type: "delete", key }], [], QUOTA_BYTES);
      return { says: "a delete", answer: handle.delete(key), expected: isThere };
    }
    case 5: {
      const { change, version } = pair.someVersion(random);
      const expectsNone = random(3) === 0;
      const write = randomWrite(random);
      const checks = [{ key: write.key, change: expectsNone ? undefined : change }];
      const outcome = handle.compareAndSet(
        write.key,
        expectsNone ? undefined : version,
        write.type === "set" ? write.value : undefined,
      );
      return batchCall("a compare-and-set", pair, [write], checks, outcome);
    }
    case 6: {
      const writes = Array.from({ length: random(5) }, () => randomWrite(random));
      const checks = Array.from({ length: random(2) }, () => ({ key: randomKey(random), ...pair.someVersion(random) }));
      return batchCall("a batch", pair, writes, checks, handle.batch(writes, checks));
    }
    default: {
      const text = randomText(random);
      const outcome = handle
        .set(key, value(text))
        .then((version) => ({ type: "applied" as const, version, deleted: 0 }));
      return batchCall("a set", pair, [{ type: "set", key, value: value(text) }], [], outcome);
    }
  }
}

function batchCall(
  says: string,
  pair: Pair,
  writes: readonly Write[],
  checks: readonly ModelCheck[],
  outcome: Promise<Pick<Applied, "type" | "version" | "deleted"> | Conflict>,
): Call {
  const before = checks.map(({ key }) => pair.model.get(key)?.change);
  const expected = pair.model.batch(writes, checks, QUOTA_BYTES);
  const { changes } = pair.model;
  const inWordsOfModel = (answer: Awaited<typeof outcome>): unknown => {
    if (answer.type === "applied") return { deleted: answer.deleted, change: pair.changeOf(answer.version, changes) };
    return {
      conflict: answer.found.map(({ key, version }) => {
        const change = before[checks.findIndex((check) => check.key === key)];
        return { key, change: version === undefined ? undefined : pair.changeOf(version, change ?? -1) };
      }),
    };
  };
  return {
    says: `${says} of ${JSON.stringify(writes.map(({ type, key }) => [type, key]))}`,
    answer: outcome.then(inWordsOfModel, (error: unknown) => ({ code: Reflect.get(Object(error), "code") })),
    expected: "deleted" in expected ? { ...expected, change: changes } : expected,
  };
}

function randomWrite(random: Random): Write {
  const key = randomKey(random);
  return random(3) === 0 ? { type: "delete", key } : { type: "set", key, value: value(randomText(random)) };
}

function randomKey(random: Random): string {
  return oneOf(random, "a", "a\u0000", "a\u0000b", "\ufeff", "\uffff", "\u{10000}", "orders");
}

function randomText(random: Random): string {
  return "x".repeat(random(3) === 0 ? random(QUOTA_BYTES) : random(10));
}
