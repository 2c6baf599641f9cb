import assert from "node:assert/strict";
import { describe, it } from "vitest";
import type { Clock } from "../src/clock.ts";
import { Dispatcher } from "../src/dispatcher.ts";
import { TurnClock } from "../src/turn-clock.ts";

/** A clock that is one millisecond later at each reading, and a host whose turns run when the test says. */
function clockAndTurns(isDear: boolean): { clock: TurnClock; readings: () => number; nextTurn: () => void } {
  let readings = 0;
  const due: (() => void)[] = [];
  const clock: Clock = {
    isDear,
    now: () => 0,
    wallTime: () => (readings += 1),
    schedule: () => assert.fail("nothing is scheduled here"),
  };
  const dispatcher = new Dispatcher({
    now: () => 0,
    soon: (turn) => due.push(turn),
    afterIo: (turn) => due.push(turn),
  });
  return { clock: new TurnClock(clock, dispatcher), readings: () => readings, nextTurn: () => due.shift()?.() };
}

describe("a stamp", () => {
  it("shares its reading of a dear clock with all stamps of its turn", () => {
    const { clock, readings } = clockAndTurns(true);
    assert.deepEqual([clock.stamp(), clock.stamp(), clock.stamp()], [1, 1, 1]);
    assert.equal(readings(), 1);
  });

  it("is read anew in the next turn, which comes even when nobody is ready for one", () => {
    const { clock, nextTurn } = clockAndTurns(true);
    assert.equal(clock.stamp(), 1);
    nextTurn();
    assert.equal(clock.stamp(), 2);
  });

  it("is never before a wall time that was read", () => {
    const { clock } = clockAndTurns(true);
    clock.stamp();
    assert.equal(clock.wallTime(), 2);
    assert.equal(clock.stamp(), 2);
  });

  it("is read each time from a clock that is not dear", () => {
    const { clock, nextTurn, readings } = clockAndTurns(false);
    assert.deepEqual([clock.stamp(), clock.stamp()], [1, 2]);
    nextTurn();
    assert.equal(readings(), 2);
  });
});
