import { seededRandom } from "@airssys/storage/conformance";
import { describe, expect, it } from "vitest";
import { SortedKeys } from "../src/sorted-keys.ts";

function sorted(keys: Iterable<string>): string[] {
  return [...keys].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

describe("sorted keys", () => {
  it.each([1, 2, 3])(
    "are what was added and not removed, in order, through splits and emptied chunks (seed %i)",
    (seed) => {
      const random = seededRandom(seed);
      const keys = new SortedKeys();
      const model = new Set<string>();
      const key = (): string => String.fromCodePoint([0x61, 0xffff, 0x10000][random(3)] ?? 0) + random(2000);
      // Grows well beyond a chunk, and then shrinks to almost nothing.
      for (const shareOfAdding of [90, 50, 5, 60]) {
        for (let step = 0; step < 4000; step += 1) {
          const each = key();
          if (random(100) < shareOfAdding) {
            keys.add(each);
            model.add(each);
          } else {
            keys.delete(each);
            model.delete(each);
          }
        }
        const expected = sorted(model);
        expect([...keys.from("")]).toEqual(expected);
        for (let probe = 0; probe < 50; probe += 1) {
          const first = key();
          const at = expected.filter((each) => Buffer.compare(Buffer.from(each), Buffer.from(first)) >= 0);
          expect([...keys.from(first)]).toEqual(at);
          expect([...keys.from(first, "behind")]).toEqual(at.filter((each) => each !== first));
        }
      }
    },
  );

  it("are there once, and may be removed when they are not there", () => {
    const keys = new SortedKeys();
    keys.delete("a");
    keys.add("a");
    keys.add("a");
    keys.delete("b");
    expect([...keys.from("")]).toEqual(["a"]);
    keys.delete("a");
    expect([...keys.from("")]).toEqual([]);
  });
});
