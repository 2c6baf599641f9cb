import { afterAll, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../fixtures.ts";
import { endAt, endingOf, LEVELS, TOLERATED_BYTES } from "./attack.ts";
import { Battleground } from "./battleground.ts";
import { INSTALL_ATTACKS } from "./install-attacks.ts";

const ground = new Battleground(temporaryDirectory());
afterAll(() => ground[Symbol.asyncDispose]());

describe("a hostile component is refused, or taken with what it has, and harms nobody else when it", () => {
  for (const [index, attack] of INSTALL_ATTACKS.entries()) {
    it(`${attack.name}: ${endAt(attack, "shared")}`, async () => {
      // Others are installed at the same time: not with every attack, since installing takes a while.
      const next = index % 6 === 0 ? ground.nextInstall("shared") : true;
      for (const level of LEVELS) {
        const { grownBytes, ...outcome } = await ground.attack(attack, level);
        expect(outcome).toMatchObject(endingOf(attack, level));
        expect(grownBytes).toBeLessThan(TOLERATED_BYTES);
        expect(await ground.bystanders(level)).toEqual({ livesOn: true, startsAfresh: true });
      }
      expect(await next).toBe(true);
      expect("escaped" in globalThis).toBe(false);
    }, 180_000);
  }
});
