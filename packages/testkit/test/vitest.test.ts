import assert from "node:assert/strict";
import type { Actor, LogRecord } from "@airssys/rt";
import { describe, vi } from "vitest";
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

  test("say nothing of what fails", async ({ system }) => {
    const said = vi.spyOn(console, "error");
    system.spawn(newFragile).tell("crash");
    await settled(system);
    assert.equal(system.deadLetters.count("crashed"), 1);
    assert.equal(said.mock.calls.length, 0);
    said.mockRestore();
  });

  test("have a seed", ({ seed }) => {
    assert.equal(seed, 1);
  });
});

describe("the fixtures for vitest, with options for the system", () => {
  const records: LogRecord[] = [];
  const noting = test.override({ systemOptions: { log: (record) => records.push(record) } });

  noting("note what fails where the test says", async ({ system }) => {
    system.spawn(newFragile, { id: "fragile" }).tell("crash");
    await settled(system);
    assert.deepEqual(
      records.map(({ level, path }) => [level, path]),
      [["error", "/user/fragile"]],
    );
  });
});

function newFragile(): Actor<string> {
  return {
    receive: (message) => {
      throw new RangeError(message);
    },
  };
}
