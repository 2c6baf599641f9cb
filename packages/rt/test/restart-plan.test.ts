import { describe, expect, it } from "vitest";
import { affectedBy, outcomeOf, type Outcome, type Restart } from "../src/restart-plan.ts";
import type { ExitReason } from "../src/index.ts";

const reasons = {
  normal: { kind: "normal" },
  shutdown: { kind: "shutdown" },
  error: { kind: "error", error: new RangeError("bad") },
} satisfies Record<string, ExitReason>;

/** As observed on Erlang/OTP 25. */
const observed: readonly (readonly [Restart, keyof typeof reasons, Outcome])[] = [
  ["permanent", "normal", "restart"],
  ["permanent", "shutdown", "restart"],
  ["permanent", "error", "restart"],
  ["transient", "normal", "stay-down"],
  ["transient", "shutdown", "stay-down"],
  ["transient", "error", "restart"],
  ["temporary", "normal", "forget"],
  ["temporary", "shutdown", "forget"],
  ["temporary", "error", "forget"],
];

describe("a child that left", () => {
  it.each(observed)("and is %s, for the reason %s: %s", (restart, reason, outcome) => {
    expect(outcomeOf(restart, reasons[reason])).toBe(outcome);
  });
});

describe("one-for-one", () => {
  it("restarts the failed child alone", () => {
    expect(affectedBy("b", ["a", "b", "c"], "one-for-one")).toEqual(["b"]);
  });
});

describe("one-for-all", () => {
  it("restarts all children, in start order", () => {
    expect(affectedBy("b", ["a", "b", "c"], "one-for-all")).toEqual(["a", "b", "c"]);
  });
});

describe("rest-for-one", () => {
  it("restarts the failed child and those started after it, in start order", () => {
    expect(affectedBy("b", ["a", "b", "c"], "rest-for-one")).toEqual(["b", "c"]);
    expect(affectedBy("a", ["a", "b", "c"], "rest-for-one")).toEqual(["a", "b", "c"]);
    expect(affectedBy("c", ["a", "b", "c"], "rest-for-one")).toEqual(["c"]);
  });
});
