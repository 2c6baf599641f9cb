import { BlockingWaitError } from "../errors.ts";

/** Something that is ready, or will be. */
export interface Readiness {
  /** What it is, for an operator to read. */
  readonly what: string;
  isReady(): boolean;
  /**
   * Resolves when it may have become ready; to be asked only while it is not. The signal says that nobody waits any longer. Missing where
   * nothing but its own action can bring it on.
   */
  readonly whenChanged?: (signal: AbortSignal) => Promise<void>;
  /** Where only time has to pass. */
  readonly due?: DueTime;
}

export interface DueTime {
  /** Nanoseconds until it is ready. */
  left(): bigint;
  /** Stops the thread until it is. */
  block(): void;
}

/**
 * How a guest may wait: by a promise, until its instance ends; by stopping the thread, for so many milliseconds at most and for nothing but
 * time; or not at all.
 */
export type Waiting = "refused" | { readonly ended: AbortSignal } | { readonly maxBlockMs: number };

/** A promise where the guest has to wait, and nothing where it does not. Throws BlockingWaitError where it must not, or would wait for ever. */
export function untilAnyReady(awaited: readonly Readiness[], waiting: Waiting): Promise<void> | undefined {
  if (awaited.some((readiness) => readiness.isReady())) return undefined;
  if (waiting !== "refused") {
    if ("maxBlockMs" in waiting) {
      const first = firstDue(awaited);
      if (first !== undefined && first.left() <= BigInt(waiting.maxBlockMs) * NANOSECONDS_PER_MS) {
        first.block();
        return undefined;
      }
    } else if (awaited.some(({ whenChanged }) => whenChanged !== undefined)) return waitFor(awaited, waiting.ended);
  }
  throw new BlockingWaitError(awaited.map(({ what }) => what).join(", ") || "for nothing");
}

const NANOSECONDS_PER_MS = 1_000_000n;

function firstDue(awaited: readonly Readiness[]): DueTime | undefined {
  const due = awaited.flatMap((readiness) => readiness.due ?? []);
  return due.reduce<DueTime | undefined>(
    (first, next) => (first === undefined || next.left() < first.left() ? next : first),
    undefined,
  );
}

async function waitFor(awaited: readonly Readiness[], ended: AbortSignal): Promise<void> {
  ended.throwIfAborted();
  do {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, ended]);
    try {
      await Promise.race(awaited.flatMap((readiness) => readiness.whenChanged?.(signal) ?? []));
    } finally {
      over.abort();
    }
    ended.throwIfAborted();
  } while (!awaited.some((readiness) => readiness.isReady()));
}

/** Runs `act` when it can be run: now, or after a wait. */
export function whenReady<T>(awaited: Readiness, waiting: Waiting, act: () => T | Promise<T>): T | Promise<T> {
  const ready = untilAnyReady([awaited], waiting);
  return ready === undefined ? act() : ready.then(act);
}

/** `wasi:io/poll`: a handle on something that becomes ready. */
export class Pollable {
  readonly readiness: Readiness;
  readonly waiting: Waiting;

  constructor(readiness: Readiness, waiting: Waiting) {
    this.readiness = readiness;
    this.waiting = waiting;
  }

  ready(): boolean {
    return this.readiness.isReady();
  }

  block(): Promise<void> | undefined {
    return untilAnyReady([this.readiness], this.waiting);
  }
}

/** `poll`: the indices of those that are ready, after a wait if none is. */
export function poll(pollables: readonly Pollable[]): Uint32Array | Promise<Uint32Array> {
  const waiting = pollables[0]?.waiting ?? "refused";
  const ready = untilAnyReady(
    pollables.map(({ readiness }) => readiness),
    waiting,
  );
  return ready === undefined ? readyOf(pollables) : ready.then(() => readyOf(pollables));
}

function readyOf(pollables: readonly Pollable[]): Uint32Array {
  return Uint32Array.from(pollables.flatMap((pollable, index) => (pollable.ready() ? [index] : [])));
}
