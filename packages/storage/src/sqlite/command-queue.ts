import { type StorageError, StoreOverloadedError } from "../errors.ts";
import { type Command, type Outcome, weightOf } from "./command.ts";
import type { SqliteFailure } from "./sqlite-failure.ts";

/** The most commands in one transaction, and the bytes after which it takes no more: so that the first need not wait long. */
const MAX_GROUP = 512;
const MAX_GROUP_BYTES = 8_388_608;

interface Pending {
  readonly command: Command;
  readonly namespace: string | undefined;
  readonly bytes: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: StorageError) => void;
}

export interface CommandQueueOptions {
  readonly file: string;
  /** What may be pending, in bytes; one command may always. */
  readonly maxPendingBytes: number;
  /** Has a group of commands performed; `settle` is to be called with what came of it. */
  readonly perform: (commands: readonly Command[]) => void;
  readonly errorOf: (failure: SqliteFailure) => StorageError;
}

/**
 * Commands on their way to the thread that writes. One group is performed at a time; what comes meanwhile waits and goes together:
 * the slower the disk, the more share one wait for it.
 */
export class CommandQueue {
  readonly #options: CommandQueueOptions;
  #waiting: Pending[] = [];
  #performed: readonly Pending[] = [];
  #isScheduled = false;
  #bytes = 0;
  /** How many are pending, by namespace. */
  readonly #pendingIn = new Map<string | undefined, number>();
  #onDrained: (() => void)[] = [];

  constructor(options: CommandQueueOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#pendingIn.size === 0;
  }

  /** Whether nothing is pending in the namespace. */
  isIdleIn(namespace: string): boolean {
    return !this.#pendingIn.has(namespace);
  }

  /** Resolves to the answer when it is for good. */
  add(command: Command, namespace: string | undefined): Promise<unknown> {
    const bytes = weightOf(command);
    const { file, maxPendingBytes } = this.#options;
    if (!this.isEmpty && this.#bytes + bytes > maxPendingBytes) {
      throw new StoreOverloadedError(file, this.#bytes, maxPendingBytes);
    }
    this.#bytes += bytes;
    this.#pendingIn.set(namespace, (this.#pendingIn.get(namespace) ?? 0) + 1);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.push({ command, namespace, bytes, resolve, reject });
    this.#schedule();
    return promise;
  }

  settle(outcomes: readonly Outcome[]): void {
    const performed = this.#performed;
    this.#performed = [];
    for (const [index, pending] of performed.entries()) {
      const outcome = outcomes[index];
      this.#forget(pending);
      if (outcome === undefined) pending.reject(this.#options.errorOf({ message: "no answer", errcode: undefined }));
      else if ("failure" in outcome) pending.reject(this.#options.errorOf(outcome.failure));
      else pending.resolve(outcome.answer);
    }
    if (this.#waiting.length > 0) this.#schedule();
    else if (this.isEmpty) for (const resolve of this.#onDrained.splice(0)) resolve();
  }

  /** Rejects all that are pending, because nobody performs any more. */
  fail(error: StorageError): void {
    const all = [...this.#performed, ...this.#waiting];
    this.#performed = [];
    this.#waiting = [];
    for (const pending of all) {
      this.#forget(pending);
      pending.reject(error);
    }
    for (const resolve of this.#onDrained.splice(0)) resolve();
  }

  /** Resolves when nothing is pending. */
  drained(): Promise<void> {
    if (this.isEmpty) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onDrained.push(resolve);
    return promise;
  }

  // In a microtask: calls made one after another without waiting belong together.
  #schedule(): void {
    if (this.#isScheduled || this.#performed.length > 0) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      const group = this.#waiting.splice(0, groupSize(this.#waiting));
      this.#performed = group;
      if (group.length > 0) this.#options.perform(group.map(({ command }) => command));
    });
  }

  #forget({ namespace, bytes }: Pending): void {
    this.#bytes -= bytes;
    const left = (this.#pendingIn.get(namespace) ?? 0) - 1;
    if (left > 0) this.#pendingIn.set(namespace, left);
    else this.#pendingIn.delete(namespace);
  }
}

function groupSize(waiting: readonly Pending[]): number {
  let bytes = 0;
  for (const [index, pending] of waiting.entries()) {
    bytes += pending.bytes;
    if (index + 1 === MAX_GROUP || bytes >= MAX_GROUP_BYTES) return index + 1;
  }
  return waiting.length;
}
