import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  logging,
  type Middleware,
  OperationFailedError,
  type OperationLogged,
  rateLimit,
  retry,
} from "../src/index.ts";
import { ManualClock } from "./manual-clock.ts";
import { codeOf, filesBelow, sampleAccess, temporaryFolder } from "./sample-access.ts";

function note(name: string, notes: string[]): Middleware {
  return {
    name,
    around: async (_call, next) => {
      notes.push(`${name} begins`);
      const value = await next();
      notes.push(`${name} ends`);
      return value;
    },
  };
}

describe("middleware", () => {
  it("stands around an operation in the order it is given, the first outermost", async () => {
    const folder = temporaryFolder();
    const notes: string[] = [];
    const { access } = sampleAccess(filesBelow(folder), { middleware: [note("one", notes), note("two", notes)] });
    await access.run({ kind: "directory.list", path: folder });
    expect(notes).toEqual(["one begins", "two begins", "two ends", "one ends"]);
  });

  it("cannot make a refusal anything else", async () => {
    const folder = temporaryFolder();
    const insist: Middleware = {
      name: "insist",
      around: async (_call, next) => {
        try {
          return await next();
        } catch {
          return next();
        }
      },
    };
    const { access, records } = sampleAccess([], { middleware: [insist] });
    expect(await codeOf(access.run({ kind: "directory.list", path: folder }))).toBe("OSL_DENIED");
    expect(records).toHaveLength(2);
  });
});

describe("a rate limit", () => {
  it("lets pass what it may at once, and after that as time passes", async () => {
    const folder = temporaryFolder();
    const clock = new ManualClock();
    const middleware = [rateLimit({ perSecond: 2, burst: 2 }, clock)];
    const { access } = sampleAccess(filesBelow(folder), { clock, middleware });
    const list = () => codeOf(access.run({ kind: "directory.list", path: folder }));
    expect([await list(), await list(), await list()]).toEqual(["none", "none", "OSL_RATE_LIMITED"]);
    await expect(access.run({ kind: "directory.list", path: folder })).rejects.toMatchObject({ retryAfterMs: 500 });
    clock.pass(500);
    expect([await list(), await list()]).toEqual(["none", "OSL_RATE_LIMITED"]);
  });

  it.each([
    { perSecond: 0, burst: 1 },
    { perSecond: Number.NaN, burst: 1 },
    { perSecond: 1, burst: 0.5 },
  ])("is refused when it would never let anything pass, or everything: %j", (limit) => {
    expect(() => rateLimit(limit, new ManualClock())).toThrow(
      expect.objectContaining({ code: "OSL_OPERATION_INVALID" }) as Error,
    );
  });
});

describe("a log", () => {
  it("tells of what was done and of what was not", async () => {
    const folder = temporaryFolder();
    const logged: OperationLogged[] = [];
    const clock = new ManualClock();
    const { access } = sampleAccess(filesBelow(folder), {
      clock,
      middleware: [logging((each) => logged.push(each), clock)],
    });
    await access.run({ kind: "directory.list", path: folder });
    await codeOf(access.run({ kind: "directory.list", path: "/" }));
    expect(logged).toEqual([
      { actor: "shop/worker", operation: "directory.list", outcome: "done", durationMs: 0 },
      { actor: "shop/worker", operation: "directory.list", outcome: "OSL_DENIED", durationMs: 0 },
    ]);
  });
});

/** Fails so many times before it lets through. */
function failing(times: number, code: string, tried: () => void): Middleware {
  let left = times;
  return {
    name: "failing",
    around: async (_call, next) => {
      tried();
      left -= 1;
      if (left >= 0) throw new OperationFailedError("failing", code);
      return next();
    },
  };
}

describe("a retry", () => {
  it.each([
    ["what failed for a passing reason", "file.exists", 1, "ECONNRESET", "none", 2],
    ["what failed again and again, no more often than it may", "file.exists", 9, "ECONNRESET", "OSL_FAILED", 3],
    ["nothing that failed for good", "file.exists", 1, "ENOENT", "OSL_FAILED", 1],
    ["nothing that changes something", "file.delete", 1, "ECONNRESET", "OSL_FAILED", 1],
  ] as const)("tries again %s", async (_what, kind, failures, systemCode, outcome, attempts) => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "");
    let tried = 0;
    const clock = new ManualClock();
    const eager = {
      now: clock.now,
      after: (ms: number, callback: () => void) => {
        const cancel = clock.after(ms, callback);
        queueMicrotask(() => clock.pass(ms));
        return cancel;
      },
    };
    const { access } = sampleAccess(filesBelow(folder), {
      middleware: [retry({ attempts: 3, pauseMs: 100 }, eager), failing(failures, systemCode, () => (tried += 1))],
    });
    expect([await codeOf(access.run({ kind, path: `${folder}/a` })), tried]).toEqual([outcome, attempts]);
  });
});
