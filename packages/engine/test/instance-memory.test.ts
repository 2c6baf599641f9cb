import { describe, expect, it } from "vitest";
import { BadOptionError, ComponentTrapError, MemoryLimitError } from "../src/index.ts";
import { preparer, thrownBy } from "./fixtures.ts";

const prepare = preparer();
const PAGE = 65_536;

describe("the memory of an instance", () => {
  it("is the sum of its memories and grows with them", async () => {
    const instance = (await prepare("memory")).instantiate();
    expect(instance.memoryBytes).toBe(2 * PAGE);
    instance.call("grow", [3]);
    instance.call("grow-other", [1]);
    expect(instance.memoryBytes).toBe(6 * PAGE);
  });

  it("never exceeds its limit, whichever of its memories grows", async () => {
    const instance = (await prepare("memory")).instantiate({ limits: { memoryBytes: 6 * PAGE } });
    // Four pages are left; each memory gets two, which is all the second may ever have.
    expect(instance.call("grow", [3])).toEqual({ ok: true, value: -1 });
    expect(instance.call("grow", [2])).toEqual({ ok: true, value: 1 });
    expect(instance.call("grow-other", [2])).toEqual({ ok: true, value: 1 });
    expect(instance.call("grow", [1])).toEqual({ ok: true, value: -1 });
    expect(instance.memoryBytes).toBe(6 * PAGE);
  });

  it("counts a core module once for each time it is instantiated", async () => {
    const component = await prepare("twins");
    const instance = component.instantiate({ limits: { memoryBytes: 4 * PAGE } });
    instance.call("left");
    expect(instance.call("left")).toEqual({ ok: true, value: 2 });
    expect(instance.call("right")).toEqual({ ok: true, value: 1 });
    expect(instance.call("grow-left", [2])).toEqual({ ok: true, value: -1 });
    expect(instance.call("grow-left", [1])).toEqual({ ok: true, value: 1 });
    expect(instance.call("grow-right", [1])).toEqual({ ok: true, value: 1 });
    expect(instance.memoryBytes).toBe(4 * PAGE);
    expect(() => component.instantiate({ limits: { memoryBytes: PAGE } })).toThrow(MemoryLimitError);
  });

  it("is refused when a component needs more from the start", async () => {
    const component = await prepare("memory");
    const error = thrownBy(() => component.instantiate({ limits: { memoryBytes: 2 * PAGE - 1 } }));
    expect(error).toBeInstanceOf(MemoryLimitError);
    expect(error).toMatchObject({ bytes: 2 * PAGE, limitBytes: 2 * PAGE - 1 });
  });

  it("has a limit that is a number of bytes", async () => {
    const component = await prepare("memory");
    for (const memoryBytes of [-1, 1.5, Number.NaN]) {
      expect(() => component.instantiate({ limits: { memoryBytes } })).toThrow(BadOptionError);
    }
  });
});

describe("a trap after memory was refused", () => {
  it("is reported as the limit, with what the instance held", async () => {
    const instance = (await prepare("memory")).instantiate({ limits: { memoryBytes: 4 * PAGE } });
    const error = thrownBy(() => instance.call("must-grow", [1000]));
    expect(error).toBeInstanceOf(MemoryLimitError);
    expect(error).toMatchObject({ bytes: 2 * PAGE, limitBytes: 4 * PAGE, cause: expect.any(ComponentTrapError) });
    expect(instance.isAlive).toBe(false);
  });

  it("is a plain trap when a later request was granted", async () => {
    const instance = (await prepare("memory")).instantiate({ limits: { memoryBytes: 4 * PAGE } });
    expect(thrownBy(() => instance.call("grow-then-trap", [1000]))).toBeInstanceOf(ComponentTrapError);
  });

  it("ends a memory bomb, and the host lives", async () => {
    const component = await prepare("memory");
    const instance = component.instantiate({ limits: { memoryBytes: 100 * PAGE } });
    expect(thrownBy(() => instance.call("bomb"))).toMatchObject({
      code: "ENGINE_MEMORY_LIMIT",
      limitBytes: 100 * PAGE,
    });
    expect(component.instantiate().isAlive).toBe(true);
  });
});
