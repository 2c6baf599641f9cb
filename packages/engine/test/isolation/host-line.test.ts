import { MessageChannel, Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import type { HostCall } from "../../src/isolation/border-messages.ts";
import { HostLine } from "../../src/isolation/host-line.ts";

const CALL: HostCall = {
  kind: "clock-function",
  function: "now",
  usage: { fuel: 0, wallMs: 0, idleMs: 0, peakMemoryBytes: 0, unfinishedHostCalls: 0 },
};

describe("a line to the host", () => {
  it("finds a reply that was there before anyone waited", () => {
    const { port1, port2 } = new MessageChannel();
    const line = new HostLine(port1, new SharedArrayBuffer(4));
    port2.postMessage({ kind: "returned", value: 7 }, []);
    expect(line.ask(CALL)).toEqual({ kind: "returned", value: 7 });
    port1.close();
  });

  it("is not misled by being woken without a reply", async () => {
    const replies = new SharedArrayBuffer(4);
    const thread = new Worker(
      `const { parentPort, workerData } = require("node:worker_threads");
       import(workerData.module).then(({ HostLine }) => {
         const line = new HostLine(parentPort, workerData.replies);
         const answers = [line.ask(workerData.call), line.ask(workerData.call)];
         line.tell({ answers });
       });`,
      {
        eval: true,
        workerData: {
          replies,
          call: CALL,
          module: new URL("../../src/isolation/host-line.ts", import.meta.url).href,
        },
      },
    );
    const counter = new Int32Array(replies);
    const wake = (): void => {
      Atomics.add(counter, 0, 1);
      Atomics.notify(counter, 0);
    };
    let asked = 0;
    const answers = await new Promise((resolve, reject) => {
      thread.on("error", reject);
      thread.on("message", (message: { readonly answers?: unknown }) => {
        if (message.answers !== undefined) return resolve(message.answers);
        asked += 1;
        // Woken for nothing, several times, before and after it sleeps; the reply itself comes much later.
        wake();
        wake();
        const value = asked;
        setImmediate(() => {
          wake();
          setImmediate(() => {
            thread.postMessage({ kind: "returned", value }, []);
            wake();
            wake();
          });
        });
      });
    });
    expect(answers).toEqual([
      { kind: "returned", value: 1 },
      { kind: "returned", value: 2 },
    ]);
    await thread.terminate();
  });
});
