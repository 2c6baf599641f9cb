import { afterAll, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../fixtures.ts";
import { endAt, endingOf, LEVELS, TOLERATED_BYTES } from "./attack.ts";
import { Battleground } from "./battleground.ts";
import { RUN_TIME_ATTACKS } from "./run-time-attacks.ts";
import { VALUE_ATTACKS } from "./value-attacks.ts";

const ground = new Battleground(temporaryDirectory());
afterAll(() => ground[Symbol.asyncDispose]());

for (const level of LEVELS) {
  describe(`a hostile guest, ${level}, is stopped within its limit and harms nobody else when it`, () => {
    for (const attack of [...RUN_TIME_ATTACKS, ...VALUE_ATTACKS]) {
      const ends = endAt(attack, level);
      if (ends === undefined) continue;
      it(`${attack.name}: ${ends}`, async () => {
        const { grownBytes, ...outcome } = await ground.attack(attack, level);
        expect(outcome).toMatchObject(endingOf(attack, level));
        expect(grownBytes).toBeLessThan(TOLERATED_BYTES);
        expect(await ground.bystanders(level)).toEqual({ livesOn: true, startsAfresh: true });
      });
    }

    it("has done all that, and the next install is as any other", async () => {
      expect(await ground.nextInstall(level)).toBe(true);
    });
  });
}
