import { describe, expect, it } from "vitest";
import { callHost } from "../caller.ts";
import { Stage } from "../stage.ts";

describe("metrics", () => {
  it("add to counters, set gauges and sort observations into buckets, by name and labels", async () => {
    const stage = new Stage();
    const caller = await stage.spawn("caller", { guest: "caller" });
    await callHost(caller, "metrics.counter", "orders", [["kind", "book"]], 2);
    await callHost(caller, "metrics.counter", "orders", [["kind", "book"]], 0.5);
    await callHost(caller, "metrics.counter", "orders", [["kind", "pen"]], 1);
    await callHost(caller, "metrics.gauge", "depth", [], 7);
    await callHost(caller, "metrics.gauge", "depth", [], -3);
    for (const millis of [1, 20, 25, 99_999]) await callHost(caller, "metrics.histogram", "took", [], millis);
    const series = stage.host.metrics.series();
    expect(series).toMatchObject([
      { component: "test/caller", kind: "counter", name: "orders", labels: [["kind", "book"]], value: 2.5 },
      { kind: "counter", name: "orders", labels: [["kind", "pen"]], value: 1 },
      { kind: "gauge", name: "depth", value: -3 },
      { kind: "histogram", name: "took", count: 4, sum: 100_045 },
    ]);
    const buckets = series.flatMap((one) => (one.kind === "histogram" ? one.buckets : []));
    expect(buckets.filter(({ bound }) => [0, 5, 25, 10_000].includes(bound))).toEqual([
      { bound: 0, count: 0 },
      { bound: 5, count: 1 },
      { bound: 25, count: 3 },
      { bound: 10_000, count: 3 },
    ]);
    expect(stage.host.metrics.dropped("test/caller")).toBe(0);
  });

  it("are one series whatever the order of their labels", async () => {
    const stage = new Stage();
    const caller = await stage.spawn("caller", { guest: "caller" });
    await callHost(caller, "metrics.counter", "n", [["a", "1"], ["b", "2"]], 1); // prettier-ignore
    await callHost(caller, "metrics.counter", "n", [["b", "2"], ["a", "1"]], 1); // prettier-ignore
    expect(stage.host.metrics.series()).toMatchObject([{ value: 2 }]);
  });

  it("drop and count what is no number to add, of another kind than before, or beyond the limits", async () => {
    const stage = new Stage();
    const caller = await stage.spawn("caller", { guest: "caller" });
    await callHost(caller, "metrics.counter", "orders", [], -1);
    await callHost(caller, "metrics.gauge", "x".repeat(129), [], 1);
    await callHost(caller, "metrics.gauge", "long", [["label", "x".repeat(129)]], 1);
    await callHost(caller, "metrics.gauge", "depth", [], 1);
    await callHost(caller, "metrics.counter", "depth", [], 1);
    expect(stage.host.metrics.dropped("test/caller")).toBe(4);
    for (let index = 1; index <= 1000; index += 1)
      stage.host.metrics.record("test/caller", "gauge", `g${index}`, [], 1);
    expect(stage.host.metrics.series()).toHaveLength(1000);
    expect(stage.host.metrics.dropped("test/caller")).toBe(5);
    stage.host.metrics.record("test/caller", "gauge", "g1", [], Number.NaN);
    expect(stage.host.metrics.dropped("test/caller")).toBe(6);
  });
});
