import { describe, expect, it } from "vitest";
import { type Commit, type CommitPlan, planCommit, type Write } from "../src/index.ts";
import { bytes } from "./bytes.ts";

/** A namespace that holds `a` with 4 bytes, of version 1, and `b` with none, of version 2: 6 bytes in all. */
const held = new Map([
  ["a", { version: 1, valueBytes: 4 }],
  ["b", { version: 2, valueBytes: 0 }],
]);

function plan(writes: readonly Write[], more: Partial<Commit> = {}, othersBytes = 0): CommitPlan {
  const commit = { writes, checks: [], quotaBytes: 10, group: undefined, ...more };
  return planCommit(commit, { usage: { keys: 2, bytes: 6 }, othersBytes }, (key) => held.get(key));
}

function set(key: string, length: number): Write {
  return { type: "set", key, value: bytes("x".repeat(length)) };
}

function remove(key: string): Write {
  return { type: "delete", key };
}

/** What the namespace holds afterwards, and how many keys are gone; or what is needed and not allowed. */
function outcomeOf(writes: readonly Write[]): unknown {
  const outcome = plan(writes);
  if (outcome.type === "over-quota") return `needs ${outcome.neededBytes}`;
  return outcome.type === "change" && [outcome.usage.keys, outcome.usage.bytes, outcome.deleted];
}

describe("the plan of a commit", () => {
  it.each<[string, readonly Write[], unknown]>([
    ["nothing", [], [2, 6, 0]],
    ["a new key", [set("c", 3)], [3, 10, 0]],
    ["a new key that is too much", [set("c", 4)], "needs 11"],
    ["a new key whose name is too much", [set("ääc", 0)], "needs 11"],
    ["a larger value", [set("a", 8)], [2, 10, 0]],
    ["a value that is too much", [set("a", 9)], "needs 11"],
    ["a smaller value", [set("a", 0)], [2, 2, 0]],
    ["a key that goes", [remove("a")], [1, 1, 1]],
    ["a key that is not there and goes", [remove("c")], [2, 6, 0]],
    ["room made in the same batch", [set("c", 8), remove("a")], [2, 10, 1]],
    ["too much that is replaced in the same batch", [set("c", 100), set("c", 3)], [3, 10, 0]],
    ["a key that comes and goes", [set("c", 100), remove("c")], [2, 6, 0]],
    ["a key that goes and comes", [remove("a"), set("a", 1)], [2, 3, 0]],
    ["everything", [remove("a"), remove("b"), remove("c")], [0, 0, 2]],
  ])("for %s", (_name, writes, expected) => {
    expect(outcomeOf(writes)).toEqual(expected);
  });

  it("lets through what does not add to a namespace that is over its quota already", () => {
    expect(plan([set("a", 4)], { quotaBytes: 1 }).type).toBe("change");
    expect(plan([set("a", 5)], { quotaBytes: 1 }).type).toBe("over-quota");
    expect(plan([set("a", 5), remove("b")], { quotaBytes: 1 }).type).toBe("change");
  });

  it("counts what the others of its group hold", () => {
    expect(plan([set("c", 2)], {}, 1)).toMatchObject({ type: "change", usedBytes: 10, usage: { keys: 3, bytes: 9 } });
    expect(plan([set("c", 3)], {}, 1)).toEqual({ type: "over-quota", usedBytes: 7, neededBytes: 11 });
    expect(plan([set("a", 3)], {}, 100)).toMatchObject({ type: "change", usedBytes: 105 });
  });

  it("has nothing to write when all is so already", () => {
    expect(plan([remove("c")])).toMatchObject({ type: "change", values: new Map() });
  });

  it("finds every check that does not hold before it looks at quotas", () => {
    const checks = [
      { key: "a", version: 1 },
      { key: "b", version: 1 },
      { key: "c", version: 3 },
      { key: "d", version: undefined },
      { key: "a", version: undefined },
    ];
    expect(plan([set("a", 100)], { checks })).toEqual({
      type: "conflict",
      found: [
        { key: "b", version: 2 },
        { key: "c", version: undefined },
        { key: "a", version: 1 },
      ],
    });
  });
});
