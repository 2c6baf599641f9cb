import { describe, expect, it } from "vitest";
import { measure } from "../src/measure.ts";
import { rowsOf } from "../src/rows.ts";
import { Tally } from "../src/tally.ts";
import type { Subject, Workload } from "../src/workload.ts";

/** Handles what it is given, and as many more. */
function handlesExtra(name: string, extra: number, log: string[] = []): Subject {
  return {
    name,
    open: async () => ({
      run: async (operations) => {
        log.push(`${name} ${operations}`);
        return operations + extra;
      },
      close: async () => void log.push(`${name} closed`),
    }),
  };
}

function workload(subjects: readonly Subject[], more: Partial<Workload> = {}): Workload {
  return { suite: "test", name: "counting", unit: "ns", operations: 10, subjects, ...more };
}

describe("measuring a workload", () => {
  it("lets every subject run once to warm up, and then in turn, round by round", async () => {
    const log: string[] = [];
    await measure(workload([handlesExtra("airssys", 0, log), handlesExtra("nact", 0, log)]), { rounds: 2, share: 1 });
    expect(log).toEqual([
      ...Array.from({ length: 3 }, () => ["airssys 10", "nact 10"]).flat(),
      "airssys closed",
      "nact closed",
    ]);
  });

  it("refuses a subject that handled fewer or more than it was given, and closes all", async () => {
    const log: string[] = [];
    const subjects = (extra: number) => [handlesExtra("airssys", 0, log), handlesExtra("nact", extra, log)];
    const effort = { rounds: 1, share: 1 };
    await expect(measure(workload(subjects(-1)), effort)).rejects.toThrow("nact handled 9 operations, expected 10");
    await expect(measure(workload(subjects(1)), effort)).rejects.toThrow("nact handled 11 operations, expected 10");
    expect(log.filter((line) => line.endsWith("closed"))).toHaveLength(4);
  });

  it("does a share of the operations, at least one multiple of them", async () => {
    const log: string[] = [];
    const slow = { ...handlesExtra("nact", 0, log), operations: 3000 };
    const subjects = [handlesExtra("airssys", 0, log), slow];
    await measure(workload(subjects, { operations: 20_000, multiple: 1000 }), { rounds: 0, share: 0.1 });
    expect(log.slice(0, 2)).toEqual(["airssys 2000", "nact 1000"]);
  });
});

describe("the rows of a workload", () => {
  it("give the median over all processes, and the ratio to airssys", () => {
    const times = [
      { subject: "airssys", times: [1, 3] },
      { subject: "nact", times: [8, 4] },
      { subject: "airssys", times: [2] },
      { subject: "nact", times: [6] },
    ];
    expect(rowsOf(workload([handlesExtra("airssys", 0), handlesExtra("nact", 0)]), times)).toEqual([
      { workload: "counting", subject: "airssys", unit: "ns", value: 2e6, ratio: 1 },
      { workload: "counting", subject: "nact", unit: "ns", value: 6e6, ratio: 3 },
    ]);
  });

  it("need airssys to compare with", () => {
    const times = [{ subject: "nact", times: [1] }];
    expect(() => rowsOf(workload([handlesExtra("nact", 0)]), times)).toThrow(
      "workload test counting has no subject airssys",
    );
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
