import { describe, expect, it } from "vitest";
import {
  InvalidQuotaError,
  type QuotaAction,
  type QuotaLevelChange,
  type QuotaLimit,
  QuotaMeter,
} from "../../src/index.ts";
import { SeededRandom } from "../seeded-random.ts";

function meter(limit: QuotaLimit, action: QuotaAction = "reject") {
  const time = { now: 0 };
  const changes: QuotaLevelChange[] = [];
  const made = new QuotaMeter("q", limit, { action, now: () => time.now, onLevel: (change) => changes.push(change) });
  return { meter: made, time, changes };
}

describe("a rate", () => {
  it("lets through one second's worth at once, and then as much as time brings", () => {
    const { meter: rate, time } = meter({ kind: "rate", perSecond: 10 });
    for (let count = 0; count < 10; count += 1) expect(rate.consume().type).toBe("consumed");
    expect(rate.consume().type).toBe("rejected");
    time.now = 100;
    expect([rate.consume().type, rate.consume().type]).toEqual(["consumed", "rejected"]);
    time.now = 10_000;
    expect([rate.consume(10).type, rate.consume().type]).toEqual(["consumed", "rejected"]);
  });

  it("says when to come again", () => {
    const { meter: rate, time } = meter({ kind: "rate", perSecond: 10 }, "throttle");
    rate.consume(10);
    expect(rate.consume(3)).toEqual({ type: "throttled", waitMs: 300 });
    time.now = 299;
    expect(rate.consume(3)).toEqual({ type: "throttled", waitMs: 1 });
    time.now = 300;
    expect(rate.consume(3).type).toBe("consumed");
    expect(rate.consume(11).type).toBe("rejected");
  });

  it("is not fooled by a clock that is set back", () => {
    const { meter: rate, time } = meter({ kind: "rate", perSecond: 10 });
    time.now = 5000;
    rate.consume(10);
    for (const now of [0, 1, 0, 1, 0]) {
      time.now = now;
      rate.consume();
    }
    time.now = 50;
    expect(rate.usage().used).toBeGreaterThan(9);
  });

  it("never lets through more than the bucket and the time together give", () => {
    const random = new SeededRandom(4);
    for (let round = 0; round < 200; round += 1) {
      const perSecond = random.integer(1, 1000);
      const { meter: rate, time } = meter({ kind: "rate", perSecond }, random.pick(["reject", "throttle", "stop"]));
      let consumed = 0;
      for (let step = 0; step < 200; step += 1) {
        time.now += random.integer(0, 50);
        const amount = random.integer(0, 20);
        if (rate.consume(amount).type === "consumed") consumed += amount;
        if (consumed > perSecond + (perSecond * time.now) / 1000 + 1e-6)
          throw new Error(`${consumed} at ${perSecond}/s`);
      }
      expect(consumed).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("a capacity", () => {
  it("is never exceeded, and is had again when it is released", () => {
    const { meter: capacity } = meter({ kind: "capacity", max: 100 });
    expect(capacity.consume(60).type).toBe("consumed");
    expect(capacity.consume(41).type).toBe("rejected");
    expect(capacity.consume(40).type).toBe("consumed");
    capacity.release(1);
    expect([capacity.consume(1).type, capacity.consume(1).type]).toEqual(["consumed", "rejected"]);
    expect(capacity.usage()).toEqual({ used: 100, limit: 100, level: "critical", warning: 80, critical: 95 });
  });

  it("cannot be released beyond what was consumed", () => {
    const { meter: capacity } = meter({ kind: "capacity", max: 100 });
    capacity.consume(5);
    for (const amount of [6, -1, Number.NaN, Infinity])
      expect(() => capacity.release(amount)).toThrow(InvalidQuotaError);
    expect(capacity.usage().used).toBe(5);
    expect(() => meter({ kind: "rate", perSecond: 1 }).meter.release(1)).toThrow(InvalidQuotaError);
  });
});

describe("a capacity that is counted elsewhere", () => {
  it("is as full as it is said to be, also beyond its limit, and warns", () => {
    const { meter: capacity, changes } = meter({ kind: "capacity", max: 100 });
    for (const used of [50, 90, 200, 10]) capacity.observe(used);
    expect(changes.map(({ used, level }) => [used, level])).toEqual([
      [90, "warning"],
      [200, "critical"],
      [10, "normal"],
    ]);
    expect([capacity.usage().used, capacity.consume(90).type, capacity.consume().type]).toEqual([
      10,
      "consumed",
      "rejected",
    ]);
  });

  it("cannot hold less than nothing, and no rate is counted so", () => {
    const { meter: capacity } = meter({ kind: "capacity", max: 100 });
    for (const used of [-1, Number.NaN]) expect(() => capacity.observe(used)).toThrow(InvalidQuotaError);
    expect(() => meter({ kind: "rate", perSecond: 1 }).meter.observe(1)).toThrow(InvalidQuotaError);
  });
});

describe("a concurrency", () => {
  it("counts whole things that go on at once", () => {
    const { meter: calls } = meter({ kind: "concurrency", max: 2 }, "throttle");
    calls.consume();
    calls.consume();
    expect(calls.consume()).toEqual({ type: "throttled", waitMs: undefined });
    calls.release();
    expect(calls.consume().type).toBe("consumed");
    expect(() => calls.consume(0.5)).toThrow(InvalidQuotaError);
    expect(() => meter({ kind: "concurrency", max: 1.5 })).toThrow(InvalidQuotaError);
  });
});

describe("a quota", () => {
  it.each([
    ["reject", "rejected"],
    ["stop", "stopped"],
    ["throttle", "throttled"],
  ] as const)("with the action %s has the excess %s", (action, type) => {
    for (const limit of [
      { kind: "rate", perSecond: 1 },
      { kind: "capacity", max: 1 },
      { kind: "concurrency", max: 1 },
    ] as const) {
      const { meter: quota } = meter(limit, action);
      quota.consume();
      expect(quota.consume().type).toBe(type);
      expect(quota.usage().used).toBe(1);
    }
  });

  it("warns at 80 % and again at 95 %, once each, until usage has clearly fallen", () => {
    const { meter: quota, changes } = meter({ kind: "capacity", max: 1000 });
    const said = (): readonly string[] =>
      changes.splice(0).map(({ previous, level, used }) => `${previous} → ${level} at ${used}`);
    quota.consume(799);
    expect(said()).toEqual([]);
    quota.consume(1);
    expect(said()).toEqual(["normal → warning at 800"]);
    quota.release(1);
    quota.consume(1);
    expect(said()).toEqual([]);
    quota.consume(150);
    expect(said()).toEqual(["warning → critical at 950"]);
    quota.release(95);
    expect(said()).toEqual([]);
    quota.release(1);
    expect(said()).toEqual(["critical → warning at 854"]);
    quota.release(135);
    expect(said()).toEqual(["warning → normal at 719"]);
  });

  it("falls in level by time alone, as soon as anybody looks", () => {
    const { meter: quota, time, changes } = meter({ kind: "rate", perSecond: 100 });
    quota.consume(100);
    time.now = 1000;
    expect(quota.usage()).toMatchObject({ used: 0, level: "normal" });
    expect(changes.map(({ level }) => level)).toEqual(["critical", "normal"]);
  });

  it.each([-1, Number.NaN, Infinity, 2 ** 53, -0.1])("takes no amount that is none: %d", (amount) => {
    const { meter: quota } = meter({ kind: "capacity", max: 10 });
    expect(() => quota.consume(amount)).toThrow(InvalidQuotaError);
    expect(quota.usage().used).toBe(0);
  });

  it.each([0, -1, Number.NaN, Infinity])("takes no limit that is none: %d", (max) => {
    expect(() => meter({ kind: "capacity", max })).toThrow(InvalidQuotaError);
  });
});
