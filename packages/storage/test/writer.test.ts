import { describe, expect, it } from "vitest";
import { Writer } from "../src/sqlite/writer.ts";
import { rejection } from "./rejection.ts";

const options = { busyTimeoutMs: 0, maxPendingBytes: 1000, maxFileBytes: undefined };

/** A thread of this code instead of the one that writes. */
function thread(code: string): URL {
  return new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from "node:worker_threads"; ${code}`)}`,
  );
}

describe("a thread that writes", () => {
  it("that ends before it is ready is told", async () => {
    for (const code of ["process.exit(3)", "throw new RangeError('no')"]) {
      expect(await rejection(Writer.open("store.db", options, thread(code)))).toMatchObject({
        code: "STORAGE_WRITER_LOST",
        cause: expect.any(Error),
      });
    }
  });

  it("that ends by itself rejects all that was on its way, and all that comes", async () => {
    const dies =
      "parentPort.on('message', () => { throw new RangeError('out of luck'); }); parentPort.postMessage('ready');";
    const writer = await Writer.open("store.db", options, thread(dies));
    const calls = [writer.perform("a", "usage", "a"), writer.perform("b", "usage", "b")].map(rejection);
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ code: "STORAGE_WRITER_LOST", cause: { message: "out of luck" } });
    }
    expect(writer.isIdle()).toBe(true);
    expect(await rejection(writer.perform("a", "usage", "a"))).toMatchObject({ code: "STORAGE_WRITER_LOST" });
    await writer.close();
  });

  it("that answers nothing to a command fails that command", async () => {
    const silent =
      "parentPort.on('message', (message) => message === 'close' ? parentPort.close() : parentPort.postMessage([])); parentPort.postMessage('ready');";
    const writer = await Writer.open("store.db", options, thread(silent));
    expect(await rejection(writer.perform("a", "usage", "a"))).toMatchObject({ code: "STORAGE_FAILED" });
    await writer.close();
  });
});
