import type { Run, Subject, TimedWorkload } from "../workload.ts";
import type { OpenShelf, Shelf } from "./shelf.ts";
import { openAirssys, openLevel, openLevelAtOnce, openLimit, openLmdb, openMemory } from "./shelves.ts";
import { keyOf, numberIn, numbers, openStocked, VALUE_BYTES, valueOf } from "./stocked.ts";

/** How many come at once in `set-100`, and how many keys are on a page. */
const TOGETHER = 100;

type Operate = (shelf: Shelf) => Omit<Run, "close">;

function subject(operate: Operate, name: string, open: OpenShelf): Subject {
  return {
    name,
    open: async () => {
      const stocked = await openStocked(open);
      return { ...operate(stocked.shelf), close: stocked.close };
    },
  };
}

const getting: Operate = (shelf) => ({
  run: async (operations) => {
    let found = 0;
    for (let done = 0; done < operations; done += 1) {
      const got = shelf.get(keyOf(done));
      // Whoever answers at once is not made to wait.
      const value = got instanceof Promise ? await got : got;
      if (value?.length === VALUE_BYTES) found += 1;
    }
    return found;
  },
});

const listing: Operate = (shelf) => ({
  run: async (operations) => {
    let full = 0;
    for (let done = 0; done < operations; done += 1) {
      const keys = await shelf.list("orders/2026/0000", TOGETHER);
      if (keys.length === TOGETHER) full += 1;
    }
    return full;
  },
});

/** Writes so many at once, and reads afterwards what was written last. */
function setting(together: number): Operate {
  return (shelf) => {
    let written = 0;
    return {
      run: async (operations) => {
        for (let done = 0; done < operations; done += together) {
          const entries = numbers(written, together).map((number) => [keyOf(number), valueOf(number)] as const);
          const [[key, value] = ["", new Uint8Array()]] = entries;
          await (together === 1 ? shelf.set(key, value) : shelf.setTogether(entries));
          written += together;
        }
        return operations;
      },
      tidy: async () => {
        for (const number of numbers(written - together, together)) {
          const value = await shelf.get(keyOf(number));
          if (value === undefined || numberIn(value) !== number) throw new Error(`${keyOf(number)} was not written`);
        }
      },
    };
  };
}

/** Operations are gets, one after another, of one of ten thousand entries. */
export const get: TimedWorkload = {
  suite: "storage",
  name: "get",
  unit: "us",
  operations: 20_000,
  subjects: [
    subject(getting, "airssys", openAirssys),
    subject(getting, "airssys-memory", openMemory),
    subject(getting, "classic-level", openLevel),
    subject(getting, "classic-level-sync", openLevelAtOnce),
    subject(getting, "lmdb", openLmdb),
    subject(getting, "limit", openLimit),
  ],
};

/** Operations are sets, each of which waits for the one before, and is done when the disk has it. */
export const set: TimedWorkload = {
  suite: "storage",
  name: "set",
  unit: "us",
  operations: 300,
  subjects: [
    subject(setting(1), "airssys", openAirssys),
    subject(setting(1), "classic-level", openLevel),
    subject(setting(1), "lmdb", openLmdb),
    subject(setting(1), "limit", openLimit),
  ],
};

/** The same when a hundred come at once. */
export const setTogether: TimedWorkload = {
  suite: "storage",
  name: "set-100",
  unit: "us",
  operations: 5000,
  multiple: TOGETHER,
  subjects: [
    subject(setting(TOGETHER), "airssys", openAirssys),
    { ...subject(setting(TOGETHER), "classic-level", openLevel), operations: 1000 },
    subject(setting(TOGETHER), "classic-level-batch", openLevelAtOnce),
    subject(setting(TOGETHER), "lmdb", openLmdb),
    subject(setting(TOGETHER), "limit", openLimit),
  ],
};

/** Operations are pages of a hundred keys that have a prefix. */
export const list: TimedWorkload = {
  suite: "storage",
  name: "list",
  unit: "us",
  operations: 500,
  subjects: [
    subject(listing, "airssys", openAirssys),
    subject(listing, "airssys-memory", openMemory),
    subject(listing, "classic-level", openLevel),
    subject(listing, "lmdb", openLmdb),
    subject(listing, "limit", openLimit),
  ],
};
