import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { FromThread, HostCall, Reply } from "./border-messages.ts";

/** An instance's line to the host. Guest code calls the host synchronously: its thread sleeps until the reply is there. */
export class HostLine {
  readonly #port: MessagePort;
  /** One number, which the host counts up with each reply. */
  readonly #replies: Int32Array;
  #waitedMs = 0;

  constructor(port: MessagePort, replies: SharedArrayBuffer) {
    this.#port = port;
    this.#replies = new Int32Array(replies);
  }

  tell(message: FromThread): void {
    this.#port.postMessage(message, []);
  }

  /** For how long it waited since the last request began. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** The host asks for something: what was waited for before is over. */
  begin(): void {
    this.#waitedMs = 0;
  }

  /** Calls the host and waits for its reply, for ever if there is none: the host ends the thread when the wait is too long. */
  ask(call: HostCall): Reply {
    this.tell(call);
    const since = performance.now();
    for (;;) {
      // Read before looking for the message: a reply that comes in between changes it, and the wait ends at once.
      const seen = Atomics.load(this.#replies, 0);
      const received = receiveMessageOnPort(this.#port);
      // The host says nothing else while it is being asked.
      if (received !== undefined) {
        this.#waitedMs += performance.now() - since;
        return received.message as Reply;
      }
      Atomics.wait(this.#replies, 0, seen);
    }
  }

  /** Says that it is over, and stands still until the host ends the thread. */
  end(message: FromThread): never {
    this.tell(message);
    const nothing = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    for (;;) Atomics.wait(nothing, 0, 0);
  }
}
