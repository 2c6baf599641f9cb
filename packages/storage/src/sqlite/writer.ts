import { Worker } from "node:worker_threads";
import type { Tables } from "../backend.ts";
import { type StorageError, UnknownFormatError, WriterLostError } from "../errors.ts";
import { type Command, handedOver } from "./command.ts";
import { CommandQueue } from "./command-queue.ts";
import type { WritingOptions } from "./connection.ts";
import { EXPECTED_FORMAT } from "./file-format.ts";
import { type SqliteFailure, storageErrorOf } from "./sqlite-failure.ts";
import type { Reply, Request, Start, WriterData } from "./writer-thread.ts";

export interface WriterOptions extends WritingOptions {
  readonly maxPendingBytes: number;
}

/** The code of the thread, beside this file: TypeScript in the repository, JavaScript in the package. */
const THREAD = new URL(import.meta.url.replace(/writer(\.[jt]s)$/, "writer-thread$1"));

/** What writes to a store's file, seen from the thread of the program. */
export class Writer {
  readonly #thread: Worker;
  readonly #queue: CommandQueue;
  readonly #ended = Promise.withResolvers<void>();
  #lost: WriterLostError | undefined;

  private constructor(thread: Worker, queue: CommandQueue, file: string) {
    this.#thread = thread;
    this.#queue = queue;
    thread.on("message", (reply: Reply) => {
      queue.settle(reply);
      if (queue.isEmpty) thread.unref();
    });
    const lose = (cause: unknown): void => {
      this.#lost ??= new WriterLostError(file, { cause });
      queue.fail(this.#lost);
    };
    thread.on("error", lose);
    thread.on("exit", (status) => {
      lose(exitError(status));
      this.#ended.resolve();
    });
    thread.unref();
  }

  /**
   * Resolves when the file is open and is a store.
   *
   * @throws StorageError
   */
  static async open(file: string, options: WriterOptions, entry: URL = THREAD): Promise<Writer> {
    const { busyTimeoutMs, maxFileBytes, maxPendingBytes } = options;
    const workerData: WriterData = { file, options: { busyTimeoutMs, maxFileBytes } };
    const thread = new Worker(entry, { workerData });
    const start = await startOf(thread, file);
    const errorOf = (failure: SqliteFailure): StorageError => storageErrorOf(failure, file, busyTimeoutMs);
    if (start === "ready") {
      const perform = (commands: readonly Command[]): void => send(thread, commands);
      return new Writer(thread, new CommandQueue({ file, maxPendingBytes, perform, errorOf }), file);
    }
    throw "failure" in start ? errorOf(start.failure) : new UnknownFormatError(file, EXPECTED_FORMAT, start.foreign);
  }

  /** Whether nothing is pending, in the namespace or at all. */
  isIdle(namespace?: string): boolean {
    return namespace === undefined ? this.#queue.isEmpty : this.#queue.isIdleIn(namespace);
  }

  /** Performs a command behind all that were given before. */
  async perform<M extends keyof Tables>(
    namespace: string | undefined,
    method: M,
    ...args: Parameters<Tables[M]>
  ): Promise<ReturnType<Tables[M]>> {
    if (this.#lost !== undefined) throw this.#lost;
    // Only a thread that has something to do keeps the process alive.
    if (this.#queue.isEmpty) this.#thread.ref();
    // What a method answers to its own arguments.
    return (await this.#queue.add({ method, args }, namespace)) as ReturnType<Tables[M]>;
  }

  /** Resolves when all that was given before has been performed, and the file is closed. */
  async close(): Promise<void> {
    await this.#queue.drained();
    if (this.#lost !== undefined) return;
    this.#thread.ref();
    send(this.#thread, "close");
    await this.#ended.promise;
  }
}

async function startOf(thread: Worker, file: string): Promise<Start> {
  const { promise, resolve, reject } = Promise.withResolvers<Start>();
  const lose = (cause: unknown): void => reject(new WriterLostError(file, { cause }));
  const exit = (status: number): void => lose(exitError(status));
  thread.once("message", resolve).once("error", lose).once("exit", exit);
  try {
    return await promise;
  } finally {
    thread.off("error", lose).off("exit", exit);
  }
}

function exitError(status: number): Error {
  return new Error(`it exited with ${status}`);
}

function send(thread: Worker, request: Request): void {
  thread.postMessage(request, request === "close" ? [] : handedOver(request));
}
