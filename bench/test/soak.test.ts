import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ActorSystem } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { Hand, type Order, work } from "../src/soak/hand.ts";
import { Ledger } from "../src/soak/ledger.ts";
import { type Point, trendOf, type Verdict, verdictOn } from "../src/soak/trend.ts";

const soak = fileURLToPath(new URL("../src/soak.ts", import.meta.url));

describe("pnpm bench:soak", () => {
  it("finds, in a soak of seconds, that every message came to something", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [soak, "--minutes=0.04", "--every-seconds=0.4"]);
    expect(stdout).toMatch(/minute +heap kB/);
    expect(stdout).toContain("all others dead letters: nothing was lost");
    expect(stdout).toContain("too few samples");
    expect(stdout).not.toContain("SURPRISE");
  });

  it("goes through every way to be refused and to be lost", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [soak, "--minutes=0.02", "--every-seconds=0.4"]);
    for (const code of ["ASK_TIMEOUT", "ACTOR_STOPPED", "ACTOR_CRASHED", "ASK_CYCLE", "RECIPIENT_NOT_FOUND"]) {
      expect(stdout).toContain(`RT_${code}`);
    }
    for (const reason of ["stopped", "crashed", "mailbox-full", "expired", "late-reply", "rate-exceeded"]) {
      expect(stdout).toMatch(new RegExp(`dead letters: .*${reason} \\d`));
    }
  });
});

describe("a ledger", () => {
  it("misses a message that was neither handled nor lost", async () => {
    await using system = new ActorSystem("test");
    const ledger = new Ledger(system);
    const hand = system.spawn<Order>(() => new Hand(ledger));
    ledger.tell(hand, work);
    expect(ledger.missing(system)).toBe(0);
    await hand.ask({ type: "read" });
    expect(ledger.missing(system)).toBe(-1);
    ledger.sent += 2;
    expect(ledger.missing(system)).toBe(1);
  });

  it("is surprised by an error that it did not expect", async () => {
    await using system = new ActorSystem("test");
    const ledger = new Ledger(system);
    ledger.send(() => system.broker.send("nobody", work), "RT_RECIPIENT_NOT_FOUND");
    expect(ledger.surprises).toEqual([]);
    ledger.send(() => system.broker.send("nobody", work));
    expect(ledger.surprises).toHaveLength(1);
    expect(ledger.missing(system)).toBe(0);
  });
});

function line(bytesPerMinute: number, scatter: number): readonly Point[] {
  return Array.from({ length: 20 }, (_, minute) => ({
    minute,
    bytes: 1e7 + bytesPerMinute * minute + (minute % 2 === 0 ? scatter : -scatter),
  }));
}

function verdict(points: readonly Point[]): Verdict {
  return verdictOn(trendOf(points), points.length);
}

describe("the trend of a quantity", () => {
  it("is that of the line through it", () => {
    const { bytesPerMinute, error } = trendOf(line(500, 0));
    expect(bytesPerMinute).toBeCloseTo(500);
    expect(error).toBeCloseTo(0);
  });

  it("is called flat or growing only when its scatter allows no other", () => {
    expect(verdict(line(500, 5000))).toBe("flat");
    expect(verdict(line(50_000, 5000))).toBe("growing");
    expect(verdict(line(500, 500_000))).toBe("uncertain");
    expect(verdict(line(50_000, 0).slice(0, 9))).toBe("too few samples");
  });
});
