import type { Format } from "./definition.ts";

/** What left the pipeline. */
export interface PipelineOutput {
  readonly payload: Uint8Array;
  /** The stage that gave it. */
  readonly stage: string;
  readonly type: Format["type"];
  /** Of the input that it came of, as `push` numbered it. */
  readonly input: number;
}

/** Where outputs leave the pipeline. */
export interface Outlet {
  /** Resolves when somebody has taken it, in the order offered. */
  offer(output: PipelineOutput): Promise<void>;
  /** Forgets what was not taken: the inputs that it came of are lost. Nobody waits for those offers any more. */
  clear(): void;
  /** Nothing more comes; an error is what it ended of. What was not taken by then is nobody's. */
  close(error?: Error): void;
}

/** Hands each output to a listener, one at a time, and waits for it to be done. What it throws rejects that offer only. */
export class ListenerOutlet implements Outlet {
  readonly #listener: (output: PipelineOutput) => void | Promise<void>;
  #last: Promise<void> = Promise.resolve();
  /** What was offered and the listener did not get yet. */
  readonly #offered = new Set<PipelineOutput>();

  constructor(listener: (output: PipelineOutput) => void | Promise<void>) {
    this.#listener = listener;
  }

  offer(output: PipelineOutput): Promise<void> {
    this.#offered.add(output);
    const turn = this.#last.then(() => (this.#offered.delete(output) ? this.#listener(output) : undefined));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  clear(): void {
    this.#offered.clear();
  }

  /** A listener hears of outputs only. */
  close(): void {
    this.clear();
  }
}

interface Offered {
  readonly output: PipelineOutput;
  readonly taken: () => void;
}

/** Keeps outputs until somebody asks for the next one. How many there may be is the pipeline's matter, which waits for them. */
export class QueueOutlet implements Outlet, AsyncIterable<PipelineOutput> {
  readonly #offered: Offered[] = [];
  readonly #takers: PromiseWithResolvers<IteratorResult<PipelineOutput, undefined>>[] = [];
  #end: { readonly error: Error | undefined } | undefined;

  offer(output: PipelineOutput): Promise<void> {
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker.resolve({ done: false, value: output });
      return Promise.resolve();
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#offered.push({ output, taken: resolve });
    return promise;
  }

  clear(): void {
    this.#offered.length = 0;
  }

  close(error?: Error): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.clear();
    for (const taker of this.#takers.splice(0)) taker.resolve(this.#finish());
  }

  [Symbol.asyncIterator](): AsyncIterator<PipelineOutput, undefined> {
    return { next: () => this.#next() };
  }

  #next(): Promise<IteratorResult<PipelineOutput, undefined>> {
    const first = this.#offered.shift();
    if (first !== undefined) {
      first.taken();
      return Promise.resolve({ done: false, value: first.output });
    }
    if (this.#end !== undefined) return this.#finish();
    const taker = Promise.withResolvers<IteratorResult<PipelineOutput, undefined>>();
    this.#takers.push(taker);
    return taker.promise;
  }

  /** The first to ask hears what it ended of; to all others it is just over. */
  #finish(): Promise<IteratorResult<PipelineOutput, undefined>> {
    const error = this.#end?.error;
    this.#end = { error: undefined };
    return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
  }
}
