import { describe, expect, it } from "vitest";
import { BlockingWaitError, HostFunctionError } from "../../src/index.ts";
import { IoError } from "../../src/wasi/error.ts";
import { Pollable, type Readiness, type Waiting } from "../../src/wasi/poll.ts";
import { GivenBytes, HostSink } from "../../src/wasi/stdio.ts";
import { type ByteSink, type ByteSource, InputStream, OutputStream, STREAM_BUDGET } from "../../src/wasi/streams.ts";
import { WasiInstance } from "../../src/wasi/wasi-instance.ts";
import { thrownBy } from "../fixtures.ts";
import { guestInterface } from "./guest-interface.ts";

const input = (...bytes: number[]): InputStream =>
  new InputStream(new GivenBytes("stdin", Uint8Array.from(bytes)), "refused");

describe("an input stream", () => {
  it("gives its bytes once and is then closed", () => {
    const stream = input(1, 2, 3, 4, 5);
    expect(stream.read(2n)).toEqual(Uint8Array.of(1, 2));
    expect(stream.read(0n)).toEqual(new Uint8Array());
    expect(stream.skip(1n)).toBe(1n);
    expect(stream.blockingSkip(1n)).toBe(1n);
    expect(stream.blockingRead(2n ** 60n)).toEqual(Uint8Array.of(5));
    expect(stream.subscribe().ready()).toBe(true);
    for (const read of [
      (): unknown => stream.read(1n),
      (): unknown => stream.blockingRead(1n),
      (): unknown => stream.skip(1n),
      (): unknown => stream.blockingSkip(1n),
    ]) {
      expect(thrownBy(read)).toEqual({ tag: "closed" });
    }
  });

  it("gives no more at once than its budget, whatever is asked for", () => {
    const stream = new InputStream(new GivenBytes("stdin", new Uint8Array(STREAM_BUDGET + 1)), "refused");
    expect(stream.read(2n ** 64n - 1n)).toHaveLength(STREAM_BUDGET);
    expect(stream.read(2n ** 64n - 1n)).toHaveLength(1);
  });

  it("tells once what it failed with, and is closed then", () => {
    const failure = new IoError({ kind: "file", code: "io" });
    const stream = new InputStream(failing(failure), "refused");
    expect(thrownBy(() => stream.read(1n))).toEqual({ tag: "last-operation-failed", val: failure });
    expect(thrownBy(() => stream.read(1n))).toEqual({ tag: "closed" });
    expect(failure.toDebugString()).toBe("file error: io");
  });
});

const collected = (): { stream: OutputStream; bytes: number[] } => {
  const bytes: number[] = [];
  return { bytes, stream: new OutputStream(new HostSink("stdout", (written) => bytes.push(...written)), "refused") };
};

describe("an output stream", () => {
  it("hands on each write at once", () => {
    const { stream, bytes } = collected();
    expect(stream.checkWrite()).toBe(BigInt(STREAM_BUDGET));
    stream.write(Uint8Array.of(1));
    void stream.blockingWriteAndFlush(Uint8Array.of(2));
    stream.flush();
    void stream.blockingFlush();
    stream.writeZeroes(2n);
    void stream.blockingWriteZeroesAndFlush(1n);
    expect(stream.splice(input(7, 8), 100n)).toBe(2n);
    expect(stream.blockingSplice(input(9, 9), 1n)).toBe(1n);
    expect(stream.subscribe().ready()).toBe(true);
    expect(bytes).toEqual([1, 2, 0, 0, 0, 7, 8, 9]);
  });

  it("does not make up zeroes in any number, nor take more at once than it says", () => {
    const { stream, bytes } = collected();
    for (const write of [
      (): unknown => stream.blockingWriteZeroesAndFlush(2n ** 40n),
      (): unknown => stream.writeZeroes(2n ** 40n),
      (): unknown => stream.write(new Uint8Array(STREAM_BUDGET + 1)),
    ]) {
      expect(thrownBy(write)).toBeInstanceOf(HostFunctionError);
    }
    expect(bytes).toEqual([]);
  });

  it("takes any number of bytes when it may take its time", () => {
    const sizes: number[] = [];
    const stream = new OutputStream(new HostSink("stdout", ({ length }) => sizes.push(length)), "refused");
    void stream.blockingWriteAndFlush(new Uint8Array(2 * STREAM_BUDGET + 1));
    expect(sizes).toEqual([STREAM_BUDGET, STREAM_BUDGET, 1]);
  });

  it("ends a splice with its source", () => {
    const { stream } = collected();
    const source = input();
    expect(thrownBy(() => stream.splice(source, 1n))).toEqual({ tag: "closed" });
    expect(thrownBy(() => stream.blockingSplice(source, 1n))).toEqual({ tag: "closed" });
  });

  it("that failed, or takes no more, is closed", () => {
    const failure = new IoError({ kind: "file", code: "insufficient-space" });
    for (const [sink, first] of [
      [failing(failure), { tag: "last-operation-failed", val: failure }],
      [{ what: "ended", isReady: () => true, room: () => undefined, write: () => undefined }, { tag: "closed" }],
    ] as const) {
      const stream = new OutputStream(sink, "refused");
      expect(thrownBy(() => stream.write(Uint8Array.of(1)))).toEqual(first);
      for (const use of [
        (): unknown => stream.write(Uint8Array.of(1)),
        (): unknown => stream.checkWrite(),
        (): unknown => stream.flush(),
        (): unknown => stream.blockingFlush(),
        (): unknown => stream.writeZeroes(1n),
        (): unknown => stream.blockingWriteAndFlush(Uint8Array.of(1)),
        (): unknown => stream.blockingWriteZeroesAndFlush(1n),
        (): unknown => stream.splice(input(1), 1n),
        (): unknown => stream.blockingSplice(input(1), 1n),
      ]) {
        expect(thrownBy(use)).toEqual({ tag: "closed" });
      }
    }
  });

  it("reports a host that cannot take the bytes as the host's failure", () => {
    const sink = new HostSink("stdout", () => {
      throw new RangeError("full");
    });
    const stream = new OutputStream(sink, "refused");
    expect(thrownBy(() => stream.write(Uint8Array.of(1)))).toMatchObject({
      code: "ENGINE_HOST_FUNCTION",
      function: "stdout",
    });
  });
});

const now: Readiness = { what: "now", isReady: () => true };
const never: Readiness = { what: "never", isReady: () => false };

describe("a pollable", () => {
  it("that is ready does not block, and any other is refused", () => {
    expect(new Pollable(now, "refused").ready()).toBe(true);
    expect(new Pollable(now, "refused").block()).toBeUndefined();
    expect(new Pollable(never, "refused").ready()).toBe(false);
    expect(thrownBy(() => new Pollable(never, "refused").block())).toBeInstanceOf(BlockingWaitError);
  });

  it("is told of by its place among those that are polled", () => {
    const poll = pollOf();
    const [ready, other] = [new Pollable(now, "refused"), new Pollable(never, "refused")];
    expect(poll([other, ready, other, ready])).toEqual(Uint32Array.of(1, 3));
    expect(thrownBy(() => poll([other]))).toBeInstanceOf(BlockingWaitError);
    expect(thrownBy(() => poll([]))).toBeInstanceOf(BlockingWaitError);
  });
});

describe("a wait, where the guest may wait", () => {
  it("ends when the first of what is awaited is ready", async () => {
    const { wasi, waiting } = patient();
    const [first, second] = [new Later(), new Later()];
    const polled = pollOf()([new Pollable(first, waiting), new Pollable(second, waiting)]);
    const blocked = new Pollable(second, waiting).block();
    first.change();
    second.change(true);
    await blocked;
    expect(await polled).toEqual(Uint32Array.of(1));
    expect(second.waits).toBe(0);
    wasi[Symbol.dispose]();
  });

  it("is refused when nothing could end it", () => {
    const { waiting } = patient();
    expect(thrownBy(() => new Pollable(never, waiting).block())).toBeInstanceOf(BlockingWaitError);
    expect(thrownBy(() => pollOf()([]))).toBeInstanceOf(BlockingWaitError);
  });

  it("ends with the instance, and lets go of what it waited for", async () => {
    const { wasi, waiting } = patient();
    const later = new Later();
    const blocked = new Pollable(later, waiting).block();
    wasi[Symbol.dispose]();
    await expect(blocked).rejects.toMatchObject({ name: "AbortError" });
    expect(later.waits).toBe(0);
  });

  it("holds for streams: they give and take when there is something, and room", async () => {
    const { waiting } = patient();
    const pipe = new Pipe();
    const [from, to] = [new InputStream(pipe.source, waiting), new OutputStream(pipe.sink, waiting)];
    const given = new InputStream(new GivenBytes("given", Uint8Array.of(7, 8)), waiting);
    const reading = from.blockingRead(10n);
    const writing = to.blockingWriteAndFlush(Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(await reading).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(await from.blockingRead(10n)).toEqual(Uint8Array.of(5, 6));
    await writing;
    const zeroes = to.blockingWriteZeroesAndFlush(4n);
    const splicing = to.blockingSplice(given, 9n);
    expect(await from.blockingSkip(9n)).toBe(4n);
    await zeroes;
    expect(await splicing).toBe(2n);
    expect(await from.blockingRead(9n)).toEqual(Uint8Array.of(7, 8));
    expect(thrownBy(() => new InputStream(pipe.source, "refused").blockingRead(1n))).toBeInstanceOf(BlockingWaitError);
  });
});

function failing(failure: IoError): ByteSource & ByteSink {
  const fail = (): never => {
    throw failure;
  };
  return { what: "broken", isReady: () => true, read: fail, room: () => 10, write: fail };
}

function pollOf(): (pollables: readonly Pollable[]) => unknown {
  return (pollables) => guestInterface("io/poll")("poll", pollables);
}

function patient(): { wasi: WasiInstance; waiting: Waiting } {
  const wasi = new WasiInstance({}, "may-wait");
  return { wasi, waiting: wasi.waiting };
}

/** Becomes ready when the test says so, and counts who is waiting for it. */
class Later implements Readiness {
  readonly what = "later";
  readonly #changes = new Set<() => void>();
  #isReady = false;

  get waits(): number {
    return this.#changes.size;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  whenChanged(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#changes.add(resolve);
      signal.addEventListener("abort", () => {
        this.#changes.delete(resolve);
        reject(signal.reason);
      });
    });
  }

  change(isReady = false): void {
    this.#isReady = isReady;
    for (const resolve of this.#changes) resolve();
  }
}

/** Four bytes at a time from one end to the other. */
class Pipe {
  #bytes: number[] = [];
  #changed = Promise.withResolvers<void>();

  readonly source: ByteSource = {
    what: "a pipe",
    isReady: () => this.#bytes.length > 0,
    whenChanged: () => this.#changed.promise,
    read: (most) => this.#change(() => Uint8Array.from(this.#bytes.splice(0, most))),
  };

  readonly sink: ByteSink = {
    what: "a pipe",
    isReady: () => this.#bytes.length < 4,
    whenChanged: () => this.#changed.promise,
    room: () => 4 - this.#bytes.length,
    write: (bytes) => this.#change(() => void this.#bytes.push(...bytes)),
    flushed: {
      what: "a pipe, empty",
      isReady: () => this.#bytes.length === 0,
      whenChanged: () => this.#changed.promise,
    },
  };

  #change<T>(act: () => T): T {
    const result = act();
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    return result;
  }
}
