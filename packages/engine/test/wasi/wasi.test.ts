import { describe, expect, it } from "vitest";
import { BlockingWaitError, ExitError, HostFunctionError, InstanceDeadError } from "../../src/index.ts";
import { preparer, thrownBy } from "../fixtures.ts";

const prepare = preparer();

describe("exit", () => {
  it("kills the instance, with its status, and not the process", async () => {
    const component = await prepare("wasi");
    for (const [failed, status] of [
      [true, 1],
      [false, 0],
    ] as const) {
      const instance = component.instantiate();
      const error = thrownBy(() => instance.call("exit", [failed]));
      expect(error).toBeInstanceOf(ExitError);
      expect(error).toMatchObject({ status });
      expect(thrownBy(() => instance.call("now"))).toBeInstanceOf(InstanceDeadError);
    }
  });
});

describe("time", () => {
  it("is the clock that was given", async () => {
    const clock = { now: () => 0, monotonic: () => 42n };
    const instance = (await prepare("wasi")).instantiate({ wasi: { clock } });
    expect(instance.call("now")).toEqual({ ok: true, value: 42n });
  });

  it("cannot be waited for, unless it has come", async () => {
    const clock = { now: () => 0, monotonic: () => 42n };
    const instance = (await prepare("wasi")).instantiate({ wasi: { clock } });
    expect(instance.call("sleep", [0n]).ok).toBe(true);
    expect(thrownBy(() => instance.call("sleep", [1n]))).toBeInstanceOf(BlockingWaitError);
    expect(instance.isAlive).toBe(false);
  });
});

const ones = (length: number): Uint8Array => new Uint8Array(length).fill(1);

describe("random bytes", () => {
  it("come from the source that was given", async () => {
    const instance = (await prepare("wasi")).instantiate({ wasi: { random: ones } });
    expect(instance.call("random-u64")).toEqual({ ok: true, value: 0x0101_0101_0101_0101n });
  });

  it("differ by default", async () => {
    const instance = (await prepare("wasi")).instantiate();
    expect(instance.call("random-u64")).not.toEqual(instance.call("random-u64"));
  });

  it("are not made up in any number the guest likes", async () => {
    const instance = (await prepare("wasi")).instantiate();
    expect(instance.call("random-bytes", [1000n]).ok).toBe(true);
    expect(thrownBy(() => instance.call("random-bytes", [2n ** 40n]))).toBeInstanceOf(HostFunctionError);
  });
});
