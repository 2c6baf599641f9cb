import { EngineClosedError, WorkerLostError, WorkersTakenError } from "./errors.ts";
import { PooledWorker } from "./pooled-worker.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** How many threads there are for instances, and how many of them wait for one. */
export interface WorkerCounts {
  readonly total: number;
  readonly idle: number;
}

/**
 * Threads for instances, some of them started before they are needed. A thread serves one instance and is then ended, so that nothing of
 * a guest is left for the next.
 */
export class WorkerPool implements AsyncDisposable {
  readonly options: Required<WorkerOptions>;
  /** All whose thread is not gone. */
  readonly #workers = new Set<PooledWorker>();
  readonly #idle: PooledWorker[] = [];
  readonly #ending = new Set<PooledWorker>();
  #isClosed = false;

  constructor(options: Required<WorkerOptions>) {
    this.options = options;
  }

  get counts(): WorkerCounts {
    return { total: this.#workers.size, idle: this.#idle.length };
  }

  /** Starts the idle ones ahead of the first launch; resolves when they are ready. */
  async warmUp(): Promise<void> {
    if (this.#isClosed) throw new EngineClosedError();
    this.#refill();
    await Promise.all(this.#idle.map((worker) => worker.ready()));
  }

  /** A ready worker that never served anyone. Throws WorkersTakenError when there may be no more, WorkerLostError when it does not start. */
  async take(): Promise<PooledWorker> {
    const worker = await this.#next();
    this.#refill();
    await worker.ready();
    // The pool may have been closed meanwhile; then the worker is ending.
    if (this.#isClosed) throw new EngineClosedError();
    return worker;
  }

  /** Ends a worker that was taken; resolves when its thread is gone. */
  async end(worker: PooledWorker): Promise<void> {
    if (this.#workers.has(worker)) this.#ending.add(worker);
    await worker.end();
  }

  /** Ends all threads; resolves when they are gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#idle.length = 0;
    await Promise.all([...this.#workers].map((worker) => worker.end(new EngineClosedError())));
  }

  async #next(): Promise<PooledWorker> {
    for (;;) {
      if (this.#isClosed) throw new EngineClosedError();
      const idle = this.#idle.shift();
      if (idle !== undefined) return idle;
      if (this.#workers.size < this.options.most) return this.#start();
      if (this.#ending.size === 0) throw new WorkersTakenError(this.options.most);
      await Promise.race([...this.#ending].map((worker) => worker.exited));
    }
  }

  #refill(): void {
    while (this.#idle.length < this.options.idle && this.#workers.size < this.options.most) {
      this.#idle.push(this.#start());
    }
  }

  #start(): PooledWorker {
    const worker = startedWorker();
    this.#workers.add(worker);
    void worker.exited.then(() => this.#forget(worker));
    return worker;
  }

  #forget(worker: PooledWorker): void {
    this.#workers.delete(worker);
    const wasEnding = this.#ending.delete(worker);
    const place = this.#idle.indexOf(worker);
    if (place !== -1) this.#idle.splice(place, 1);
    // One that did not even serve is not replaced until someone asks: it would not end.
    if (wasEnding && !this.#isClosed) this.#refill();
  }
}

function startedWorker(): PooledWorker {
  try {
    return new PooledWorker();
  } catch (cause) {
    throw new WorkerLostError("it cannot be started", { cause });
  }
}
