import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { ComponentTrapError, HostFileSystem, type Instance } from "../../src/index.ts";
import { preparer, temporaryDirectory, thrownBy } from "../fixtures.ts";

const prepare = preparer();
const OPEN_FILES = "/proc/self/fd";
const countsOpenFiles = existsSync(OPEN_FILES);

const directory = temporaryDirectory();

/** How often this process holds the directory open. */
function timesOpen(): number {
  return readdirSync(OPEN_FILES).filter((fd) => {
    try {
      return readlinkSync(`${OPEN_FILES}/${fd}`) === directory;
    } catch {
      // It was open while the others were listed.
      return false;
    }
  }).length;
}

async function maker(): Promise<() => Instance> {
  const component = await prepare("directories");
  const files = new HostFileSystem(directory);
  return () => component.instantiate({ wasi: { preopens: [{ guestPath: "/", files, access: "read" }] } });
}

/** Collects garbage, as often as it takes for the rule to hold; a rule that never does ends with the time of the test. */
async function collectUntil(holds: () => boolean): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  while (!holds()) {
    collect();
    await setImmediate();
  }
}

describe.skipIf(!countsOpenFiles)("a file that a guest leaves open", () => {
  it("is closed when its instance is disposed, or dies", async () => {
    const make = await maker();
    const instance = make();
    expect(instance.call("open")).toEqual({ ok: true, value: 1 });
    expect(timesOpen()).toBe(1);
    instance[Symbol.dispose]();
    expect(timesOpen()).toBe(0);
    expect(thrownBy(() => make().call("open-and-trap"))).toBeInstanceOf(ComponentTrapError);
    expect(timesOpen()).toBe(0);
  });

  it("is closed when nobody can reach its instance any more", async () => {
    const make = await maker();
    for (let made = 0; made < 20; made += 1) make().call("open");
    expect(timesOpen()).toBeGreaterThan(0);
    await collectUntil(() => timesOpen() === 0);
    expect(timesOpen()).toBe(0);
  });
});
