import { describe, expect, it } from "vitest";
import { monotonicNanoseconds, toTimestamp } from "../../src/timestamp.ts";
import { callHost } from "../caller.ts";
import { perform, Stage } from "../stage.ts";
import { waysToWait } from "../ways.ts";

describe("the clock", () => {
  it("is the system's: a virtual one moves components too", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    expect(await perform(puppet, "now", "monotonic")).toEqual(["1700000000000000000", "0"]);
    stage.clock.advanceSync(1500.25);
    expect(await perform(puppet, "now", "monotonic")).toEqual(["1700000001500250000", "1500250000"]);
  });
});

describe.each(waysToWait())("sleeping, run %s", (_run, way) => {
  it("takes as long as it says, by the system's clock", async () => {
    const stage = new Stage(way);
    const hoarder = await stage.spawn("hoarder", { guest: "hoarder", storage: ["hoard"] });
    const archivist = await stage.spawn("archivist", { guest: "archivist", storage: ["shelf"] });
    const asked = [perform(hoarder, "sleep 1500"), callHost(archivist, "clock.sleepMillis", 1250)];
    await Promise.all([stage.armed(1500), stage.armed(1250)]);
    await stage.clock.advance(1250);
    expect(await asked[1]).toEqual({ ok: null });
    await stage.clock.advance(250);
    expect(await asked[0]).toEqual(["1500000000"]);
  });

  it("for no time at all is over at once", async () => {
    const stage = new Stage(way);
    const hoarder = await stage.spawn("hoarder", { guest: "hoarder", storage: ["hoard"] });
    const asked = perform(hoarder, "sleep 0");
    await stage.armed(0);
    await stage.clock.advance(0);
    expect(await asked).toEqual(["0"]);
  });
});

describe("a timestamp", () => {
  it("has whole seconds, and nanoseconds from 0 to 999,999,999", () => {
    expect(toTimestamp(0)).toEqual({ seconds: 0n, nanoseconds: 0 });
    expect(toTimestamp(1999.5)).toEqual({ seconds: 1n, nanoseconds: 999_500_000 });
    expect(toTimestamp(999.999_999_9)).toEqual({ seconds: 0n, nanoseconds: 999_999_999 });
  });

  it("of a time that never goes back never goes back", () => {
    expect(monotonicNanoseconds(0.000_000_6)).toBe(0n);
    expect(monotonicNanoseconds(1.5)).toBe(1_500_000n);
  });
});
