import { describe, expect, it } from "vitest";
import { SeenIds } from "../src/seen-ids.ts";
import { seededRandom } from "./seeded-random.ts";

describe("the ids that exactly-once remembers", () => {
  it.each([1, 2, 7, 100])("are the latest %d, whatever comes", (capacity) => {
    const random = seededRandom(capacity);
    const seen = new SeenIds(capacity);
    let latest: readonly string[] = [];
    let wrong = 0;
    for (let step = 0; step < 500; step += 1) {
      const id = `id-${random(capacity * 3)}`;
      seen.add(id);
      if (!latest.includes(id)) latest = [...latest, id].slice(-capacity);
      for (let number = 0; number < capacity * 3; number += 1) {
        if (seen.has(`id-${number}`) !== latest.includes(`id-${number}`)) wrong += 1;
      }
    }
    expect(wrong).toBe(0);
  });
});
