import { describe, expect, it } from "vitest";
import { BlockingWaitError, HostFunctionError } from "../../src/index.ts";
import { InputStream, OutputStream, Pollable } from "../../src/wasi/io.ts";
import { thrownBy } from "../fixtures.ts";

describe("an input stream", () => {
  it("gives its bytes once and is then closed", () => {
    const stream = new InputStream(Uint8Array.of(1, 2, 3, 4));
    expect(stream.read(2n)).toEqual(Uint8Array.of(1, 2));
    expect(stream.skip(1n)).toBe(1n);
    expect(stream.blockingRead(2n ** 60n)).toEqual(Uint8Array.of(4));
    expect(thrownBy(() => stream.read(1n))).toEqual({ tag: "closed" });
    expect(stream.subscribe().ready()).toBe(true);
  });
});

const collected = (): { stream: OutputStream; bytes: number[] } => {
  const bytes: number[] = [];
  return { bytes, stream: new OutputStream("stdout", (written) => bytes.push(...written)) };
};

describe("an output stream", () => {
  it("hands on each write at once", () => {
    const { stream, bytes } = collected();
    expect(stream.checkWrite()).toBeGreaterThan(0n);
    stream.write(Uint8Array.of(1));
    stream.blockingWriteAndFlush(Uint8Array.of(2));
    stream.blockingFlush();
    stream.writeZeroes(2n);
    expect(stream.splice(new InputStream(Uint8Array.of(7, 8)), 100n)).toBe(2n);
    expect(bytes).toEqual([1, 2, 0, 0, 7, 8]);
  });

  it("does not make up zeroes in any number", () => {
    expect(thrownBy(() => collected().stream.blockingWriteZeroesAndFlush(2n ** 40n))).toBeInstanceOf(HostFunctionError);
  });

  it("reports a host that cannot take the bytes as the host's failure", () => {
    const stream = new OutputStream("stdout", () => {
      throw new RangeError("full");
    });
    expect(thrownBy(() => stream.write(Uint8Array.of(1)))).toMatchObject({
      code: "ENGINE_HOST_FUNCTION",
      function: "stdout",
    });
  });
});

describe("a pollable", () => {
  it("that is ready does not block, and any other is refused", () => {
    new Pollable("now", () => true).block();
    expect(thrownBy(() => new Pollable("later", () => false).block())).toBeInstanceOf(BlockingWaitError);
  });
});
