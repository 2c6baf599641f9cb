import { expect, it } from "vitest";
import { type Instance, MemoryUnavailableError } from "../src/index.ts";
import { preparer, thrownBy } from "./fixtures.ts";

const prepare = preparer();

/** More memories than a process has address space for: each reserves some gigabytes of it. */
const TOO_MANY = 100_000;

it("a process out of address space says so", async () => {
  const component = await prepare("memory");
  const alive: Instance[] = [];
  const error = thrownBy(() => {
    while (alive.length < TOO_MANY) alive.push(component.instantiate());
  });
  expect(error).toBeInstanceOf(MemoryUnavailableError);
  expect(alive.at(-1)?.call("grow", [1])).toEqual({ ok: true, value: 1 });
});
