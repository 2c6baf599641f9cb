import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { consoleLog, type LogRecord } from "../src/index.ts";
import { lineOf } from "../src/console-log.ts";

const said: string[] = [];

beforeEach(() => {
  for (const level of ["debug", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line: unknown) => void said.push(`${level}: ${String(line)}`));
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  said.length = 0;
});

function newRecord(more: Partial<LogRecord> = {}): LogRecord {
  return { level: "info", path: "/user/a", message: "paid", fields: {}, time: 0, ...more };
}

const levels = ["debug", "info", "warn", "error"] as const;

describe("the console log", () => {
  it("writes each record to the console's method of its level, from info on", () => {
    for (const level of levels) consoleLog()(newRecord({ level }));
    expect(said).toEqual(["info: info /user/a paid", "warn: warn /user/a paid", "error: error /user/a paid"]);
  });

  it.each([
    ["debug", 4],
    ["error", 1],
  ] as const)("writes from another level on: %s", (least, count) => {
    for (const level of levels) consoleLog(least)(newRecord({ level }));
    expect(said.length).toBe(count);
  });
});

describe("the line of a record", () => {
  it("shows its fields, and an error with the place it was thrown at", () => {
    const error = new RangeError("no change");
    expect(lineOf(newRecord({ fields: { order: 7, of: "Ada", items: ["a", 1] } }))).toBe(
      'info /user/a paid order=7 of=Ada items=["a",1]',
    );
    expect(lineOf(newRecord({ level: "error", message: "failed", fields: { error, order: 7 } }))).toMatch(
      /^error \/user\/a failed: RangeError: no change at .*console-log\.test\.ts:\d+:\d+\)? order=7$/,
    );
  });

  it("is one line, whatever is thrown", () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const hostile = new Error("x");
    Object.defineProperty(hostile, "message", {
      get: () => {
        throw new Error("not even this");
      },
    });
    const thrown = [
      undefined,
      null,
      1n,
      Symbol("s"),
      circular,
      hostile,
      Object.create(null),
      "two\nlines\u001B[2J",
      "\u202Eback",
    ];
    const lines = thrown.map((error) => lineOf(newRecord({ message: "failed", fields: { error } })));
    expect(lines.map((line) => line.replace("info /user/a failed", ""))).toEqual([
      "",
      ": null",
      ": (what cannot be shown)",
      ": Symbol(s)",
      ": (what cannot be shown)",
      ": (what cannot be shown)",
      ": {}",
      String.raw`: two\u000alines\u001b[2J`,
      String.raw`: \u202eback`,
    ]);
  });

  it("is no longer than 2000 characters", () => {
    const line = lineOf(newRecord({ fields: { error: new Error("x".repeat(1_000_000)) } }));
    expect([line.length, line.at(-1)]).toEqual([2000, "…"]);
  });
});
