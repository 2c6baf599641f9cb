import { describe, expect, it } from "vitest";
import { inTurns, measure } from "../src/measure.ts";
import { openPlayer, type Player } from "../src/player.ts";
import { delayValue, quantile } from "../src/quantile.ts";
import { meansOf, rowsOf } from "../src/rows.ts";
import { Tally } from "../src/tally.ts";
import type { GaugedWorkload, Reading, Subject, TimedWorkload, Workload } from "../src/workload.ts";

/** Handles what it is given, and as many more. */
function handlesExtra(name: string, extra: number, log: string[] = []): Subject {
  return {
    name,
    open: async () => ({
      prepare: async () => void log.push(`${name} is ready`),
      run: async (operations) => {
        log.push(`${name} ${operations}`);
        return operations + extra;
      },
      tidy: async () => void log.push(`${name} is tidy`),
      close: async () => void log.push(`${name} closed`),
    }),
  };
}

function timed(subjects: readonly Subject[], more: Partial<TimedWorkload> = {}): TimedWorkload {
  return { suite: "test", name: "counting", unit: "ns", operations: 10, subjects, ...more };
}

function gauged(more: Partial<GaugedWorkload> = {}): GaugedWorkload {
  const figures = [
    { name: "least", unit: "us" },
    { name: "most", unit: "us" },
  ] as const;
  return {
    suite: "test",
    name: "gauging",
    figures,
    size: 100,
    smallest: 7,
    subjects: [{ name: "airssys", gauge: async (size) => [{ value: size }, null] }],
    ...more,
  };
}

function play(workload: Workload, name: string, share = 1): Promise<Player> {
  return openPlayer(workload, name, share);
}

function reading(value: number): Reading {
  return [{ value }];
}

function turn(name: string): readonly string[] {
  return [`${name} is ready`, `${name} 10`, `${name} is tidy`];
}

describe("the players of a workload", () => {
  it("warm up, and then play in turn, round by round", async () => {
    const log: string[] = [];
    const workload = timed([handlesExtra("airssys", 0, log), handlesExtra("nact", 0, log)]);
    const readings = await inTurns([await play(workload, "airssys"), await play(workload, "nact")], 1, 2);
    expect(log).toEqual([
      ...Array.from({ length: 3 }, () => [...turn("airssys"), ...turn("nact")]).flat(),
      "airssys closed",
      "nact closed",
    ]);
    expect(readings.map(({ subject, readings: all }) => [subject, all.length])).toEqual([
      ["airssys", 2],
      ["nact", 2],
    ]);
  });

  it("are refused when they handled fewer or more than they were given, and all are closed", async () => {
    const log: string[] = [];
    const played = async (extra: number) => {
      const workload = timed([handlesExtra("airssys", 0, log), handlesExtra("nact", extra, log)]);
      return inTurns([await play(workload, "airssys"), await play(workload, "nact")], 0, 1);
    };
    await expect(played(-1)).rejects.toThrow("nact handled 9 operations, expected 10");
    await expect(played(1)).rejects.toThrow("nact handled 11 operations, expected 10");
    expect(log.filter((line) => line.endsWith("closed"))).toHaveLength(4);
  });

  it("do a share of the operations, at least one multiple of them", async () => {
    const log: string[] = [];
    const slow = { ...handlesExtra("nact", 0, log), operations: 3000 };
    const workload = timed([handlesExtra("airssys", 0, log), slow], { operations: 20_000, multiple: 1000 });
    await (await play(workload, "airssys", 0.1)).round();
    await (await play(workload, "nact", 0.1)).round();
    expect(log.filter((line) => /\d/.test(line))).toEqual(["airssys 2000", "nact 1000"]);
  });

  it("gauge a share of the size, and no less than says something", async () => {
    await expect((await play(gauged(), "airssys", 0.5)).round()).resolves.toEqual([{ value: 50 }, null]);
    await expect((await play(gauged(), "airssys", 0.001)).round()).resolves.toEqual([{ value: 7 }, null]);
  });
});

describe("measuring in processes", () => {
  const effort = { repetitions: 1, rounds: 1, share: 1 };

  it("fails with what went wrong in the other process", async () => {
    const unknown = { ...timed([handlesExtra("airssys", 0)]), suite: "rt", name: "weather" };
    await expect(measure(unknown, effort)).rejects.toThrow("suite rt has no workload weather");
  });

  it("leaves out subjects that are not installed here", async () => {
    const absent = { ...handlesExtra("erlang", 0), isHere: () => false };
    await expect(measure(timed([absent]), effort)).resolves.toEqual([]);
  });
});

describe("the rows of a workload", () => {
  it("give the median over all processes, and the ratio to airssys", () => {
    const readings = [
      { subject: "airssys", readings: [reading(1), reading(3)] },
      { subject: "nact", readings: [reading(8), reading(4)] },
      { subject: "airssys", readings: [reading(2)] },
      { subject: "nact", readings: [reading(6)] },
    ];
    expect(rowsOf(timed([handlesExtra("airssys", 0), handlesExtra("nact", 0)]), readings)).toEqual([
      { workload: "counting", subject: "airssys", unit: "ns", value: 2, ratio: 1 },
      { workload: "counting", subject: "nact", unit: "ns", value: 6, ratio: 3 },
    ]);
  });

  it("need airssys to compare with", () => {
    const readings = [{ subject: "nact", readings: [reading(1)] }];
    expect(() => rowsOf(timed([handlesExtra("nact", 0)]), readings)).toThrow(
      "workload test counting has no subject airssys",
    );
  });

  it("are one for each figure that a subject has, and say where it was starved", () => {
    const workload = gauged({ subjects: ["airssys", "xstate"].map((name) => ({ name, gauge: async () => [] })) });
    const readings = [
      { subject: "airssys", readings: [[{ value: 1 }, { value: 2 }]] },
      { subject: "xstate", readings: [[{ value: 1000, isStarved: true }, null]] },
    ];
    expect(JSON.parse(JSON.stringify(rowsOf(workload, readings)))).toEqual([
      { workload: "least", subject: "airssys", unit: "us", value: 1, ratio: 1 },
      { workload: "least", subject: "xstate", unit: "us", value: 1000, ratio: 1000, isStarved: true },
      { workload: "most", subject: "airssys", unit: "us", value: 2, ratio: 1 },
    ]);
  });
});

describe("a mean", () => {
  it("is the geometric one of the workloads that count in it, for each subject, behind all other rows", () => {
    const two = ["airssys", "uninstrumented"].map((name) => handlesExtra(name, 0));
    const workloads = [
      timed(two, { name: "fast", means: ["both"] }),
      timed(two, { name: "slow", means: ["both", "alone"] }),
      timed(two, { name: "other" }),
    ];
    const rows = workloads.flatMap((workload, index) =>
      rowsOf(workload, [
        { subject: "airssys", readings: [reading(4 ** index)] },
        { subject: "uninstrumented", readings: [reading(1)] },
      ]),
    );
    expect(meansOf(workloads, rows)).toEqual([
      { workload: "both", subject: "airssys", unit: "ns", value: expect.closeTo(2), ratio: expect.closeTo(1) },
      { workload: "both", subject: "uninstrumented", unit: "ns", value: 1, ratio: expect.closeTo(0.5) },
      { workload: "alone", subject: "airssys", unit: "ns", value: expect.closeTo(4), ratio: expect.closeTo(1) },
      { workload: "alone", subject: "uninstrumented", unit: "ns", value: 1, ratio: expect.closeTo(0.25) },
    ]);
  });
});

describe("a quantile", () => {
  it("is the value that a share of all values is not above", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantile(hundred, 0.5)).toBe(51);
    expect(quantile(hundred, 0.99)).toBe(100);
    expect(quantile([7], 0.99)).toBe(7);
  });

  it("of delays is the longest where that took nearly all the time, for then nobody else had a turn", () => {
    const microseconds = [10, 20, 30, 950_000];
    expect(delayValue(microseconds, 0.5, 1000)).toEqual({ value: 950_000, isStarved: true });
    expect(delayValue(microseconds, 0.5, 2000)).toEqual({ value: 30 });
  });
});

describe("a tally", () => {
  it("counts what comes after the expected, so that a message handled twice is noticed", async () => {
    const tally = new Tally();
    const handled = tally.expect(1);
    expect([tally.count(), tally.count()]).toEqual([false, false]);
    await handled;
    expect(tally.take()).toBe(2);
  });
});
