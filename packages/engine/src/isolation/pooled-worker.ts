import { Worker } from "node:worker_threads";
import type { EngineError } from "../errors.ts";
import { bootData, THREAD_BOOT } from "../thread-boot.ts";
import type { FromThread, Reply, Request, ThreadData } from "./border-messages.ts";
import { WorkerLostError } from "./errors.ts";

const threadScript = new URL(`./guest-thread${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/**
 * V8 ends the whole process, not the thread, when a single allocation exceeds the heap of a thread by far, and a guest's list becomes an
 * array in one. So a thread's heap is far larger than what it may use; how much it uses is watched from outside.
 */
const HEAP_MB = 16 * 1024;

/** Room for the deepest guest: V8's frames hold more than their locals. */
const STACK_MB = 4;

/** What a worker tells its owner. */
export interface WorkerOwner {
  received(message: FromThread): void;
  /** The thread is gone. */
  lost(error: EngineError): void;
}

/** A thread for one instance. It keeps the process alive only while it is held. */
export class PooledWorker {
  readonly #worker: Worker;
  readonly #replies = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #ready = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  #owner: WorkerOwner = {
    received: () => this.#ready.resolve(),
    lost: (error) => this.#ready.reject(error),
  };
  #holds = 0;
  #problem: Error | undefined;
  #reason: EngineError | undefined;

  constructor() {
    const data: ThreadData & Record<string, unknown> = { ...bootData(threadScript.href), replies: this.#replies };
    // Nothing of the process reaches the thread: no variables, no flags, no standard streams. Nobody reads its own, for that would keep the
    // process alive; guest code cannot write to them.
    this.#worker = new Worker(THREAD_BOOT, {
      eval: true,
      workerData: data,
      env: {},
      argv: [],
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      name: "airssys guest",
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, stackSizeMb: STACK_MB },
    });
    this.#worker.on("message", (message: FromThread) => this.#owner.received(message));
    this.#worker.on("messageerror", (error) => this.#fail(error));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.once("exit", (status) => {
      this.#exited.resolve();
      const problem = this.#problem?.message ?? `it ended with status ${status}`;
      this.#owner.lost(this.#reason ?? new WorkerLostError(problem, { cause: this.#problem }));
    });
    this.#ready.promise.catch(() => undefined);
    this.#worker.unref();
  }

  /** Resolves when the thread waits for a request. */
  async ready(): Promise<void> {
    this.hold();
    try {
      await this.#ready.promise;
    } finally {
      this.release();
    }
  }

  get exited(): Promise<void> {
    return this.#exited.promise;
  }

  /** Whoever takes a worker hears from it from then on. */
  belongTo(owner: WorkerOwner): void {
    this.#owner = owner;
  }

  /** Keeps the process alive until it is released as often. */
  hold(): void {
    this.#holds += 1;
    if (this.#holds === 1) this.#worker.ref();
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#worker.unref();
  }

  /** Throws what structured clone throws when the request holds what cannot be cloned. */
  post(request: Request): void {
    this.#worker.postMessage(request, []);
  }

  /** Replies to the call that the thread waits for. Throws as `post` does, and then the thread waits on. */
  reply(reply: Reply): void {
    this.#worker.postMessage(reply, []);
    const replies = new Int32Array(this.#replies);
    Atomics.add(replies, 0, 1);
    Atomics.notify(replies, 0);
  }

  /** What the thread holds: its heap, and what it has outside, the memories of its instance included. Undefined when it is gone. */
  async heldBytes(): Promise<number | undefined> {
    try {
      const { used_heap_size: heap, external_memory: outside } = await this.#worker.getHeapStatistics();
      return heap + outside;
    } catch (error) {
      if (error instanceof Error && Reflect.get(error, "code") === "ERR_WORKER_NOT_RUNNING") return undefined;
      throw error;
    }
  }

  /** Ends the thread, whatever it does; resolves when it is gone. Its owner is told the reason, if it has not had enough yet. */
  async end(reason?: EngineError): Promise<void> {
    this.#reason ??= reason;
    await this.#worker.terminate();
    await this.#exited.promise;
  }

  #fail(error: unknown): void {
    this.#problem ??= error instanceof Error ? error : new Error(String(error));
    void this.end();
  }
}
