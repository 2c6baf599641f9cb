import assert from "node:assert/strict";
import { describe } from "vitest";
import { Probe, settled } from "../src/index.ts";
import { test } from "../src/vitest.ts";

describe("the fixtures for vitest", () => {
  test("are a system on a virtual clock, with a recorder", async ({ system, clock, recorder }) => {
    const probe = new Probe<string>(system, { id: "probe" });
    clock.schedule(() => {
      probe.ref.tell("an hour later");
    }, 3_600_000);
    await clock.advance(3_600_000);
    assert.equal(await probe.next(), "an hour later");
    assert.deepEqual(
      recorder.allOf("actor-started").map(({ path }) => path),
      ["/user/probe"],
    );
  });

  test("kill what hangs when the test is over", async ({ system }) => {
    const ref = system.spawn<string>(() => ({ receive: () => new Promise<void>(() => undefined) }));
    ref.tell("hang");
    await settled(system);
    assert.equal(system.isIdle, true);
  });

  test("have a seed", ({ seed }) => {
    assert.equal(seed, 1);
  });
});
