import type { ChildProcessByStdio } from "node:child_process";
import { PassThrough, type Readable, type Writable } from "node:stream";
import type { Clock } from "../clock.ts";
import { deadline, unlessAborted } from "../deadline.ts";
import {
  AccessClosedError,
  asOslError,
  LimitExceededError,
  OperationTimeoutError,
  type OslError,
  systemCodeOf,
} from "../errors.ts";
import { joined } from "../files/file-bytes.ts";
import type { WaitOptions } from "../network/os-connection.ts";
import type { SpawnOperation } from "../operation.ts";
import type { Performing } from "../performing.ts";

/** How a process ended by itself, or by a signal it was sent. */
export interface ProcessExit {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface ProcessOutput {
  readonly exit: ProcessExit;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

const SUBJECT = "process.spawn";
const NEVER = new AbortController().signal;

/** A running program. It is killed, with what it started, when its time is up, when it writes too much, and when its actor stops. */
export class OsProcess implements AsyncDisposable {
  readonly pid: number;
  /** What it writes. It waits while nobody reads. */
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #streams: readonly (Readable | Writable)[];
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #outputBytes: number;
  readonly #charge: Performing["charge"];
  readonly #exit: Promise<ProcessExit>;
  #hasEnded = false;
  #received = 0;
  #failure: OslError | undefined;

  constructor(
    child: ChildProcessByStdio<Writable, Readable, Readable>,
    pid: number,
    { lifetimeMs }: SpawnOperation,
    { clock, limits, charge, open }: Performing,
    /** Puts away what was made for this process alone. */
    tidy: () => Promise<void> = async () => undefined,
  ) {
    this.#child = child;
    this.pid = pid;
    this.#clock = clock;
    this.#timeoutMs = limits.timeoutMs;
    this.#outputBytes = limits.outputBytes;
    this.#charge = charge;
    // Taken up at once: what nobody has begun to read when the process ends, Node throws away.
    const [stdout, stderr] = [child.stdout.pipe(new PassThrough()), child.stderr.pipe(new PassThrough())];
    this.stdout = this.#pieces(stdout);
    this.stderr = this.#pieces(stderr);
    this.#streams = [child.stdin, child.stdout, child.stderr, stdout, stderr];
    const longestMs = lifetimeMs ?? limits.lifetimeMs;
    const stopTimer = clock.after(longestMs, () => this.#fail(new OperationTimeoutError(SUBJECT, longestMs)));
    const { promise, resolve } = Promise.withResolvers<ProcessExit>();
    this.#exit = promise;
    child.once("exit", (code, signal) => {
      stopTimer();
      // What it started and left behind.
      this.#signalGroup("SIGKILL");
      this.#hasEnded = true;
      open.release(this);
      const exit = { code: code ?? undefined, signal: signal ?? undefined };
      void tidy().then(
        () => resolve(exit),
        (error: unknown) => {
          this.#failure ??= asOslError(SUBJECT, error);
          resolve(exit);
        },
      );
    });
    // Each failed write is told to who writes; a process that ends without reading its input is no failure of ours.
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => this.#fail(asOslError(SUBJECT, error)));
  }

  /** Done when the system has taken the bytes. */
  async write(bytes: Uint8Array, { signal, timeoutMs = this.#timeoutMs }: WaitOptions = {}): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#hasEnded) throw new AccessClosedError(SUBJECT);
    await this.#chargeOrKill(0, bytes.length);
    using limit = deadline(`writing to ${SUBJECT}`, timeoutMs, this.#clock, NEVER, signal);
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#child.stdin.write(bytes, (error) => (error ? reject(asOslError(SUBJECT, error)) : resolve(undefined)));
    await unlessAborted(promise, limit.signal);
  }

  /** Says that no more input is to come. */
  endInput(): void {
    this.#child.stdin.end();
  }

  /**
   * How it ended. Waiting no longer does not end it.
   * @throws OperationTimeoutError when its time was up, or that of this wait
   * @throws LimitExceededError when it wrote more than it may
   */
  async wait({ signal, timeoutMs = this.#timeoutMs }: WaitOptions = {}): Promise<ProcessExit> {
    using limit = deadline(`waiting for ${SUBJECT}`, timeoutMs, this.#clock, NEVER, signal);
    const exit = await unlessAborted(this.#exit, limit.signal);
    if (this.#failure) throw this.#failure;
    return exit;
  }

  /** Ends its input and waits for all that it writes. Given up, it is killed. Throws as {@link wait} does. */
  async collect({ signal, timeoutMs = this.#timeoutMs }: WaitOptions = {}): Promise<ProcessOutput> {
    using limit = deadline(`waiting for ${SUBJECT}`, timeoutMs, this.#clock, NEVER, signal);
    this.endInput();
    const all = Promise.all([this.#exit, wholeOf(this.stdout), wholeOf(this.stderr)]);
    try {
      const [exit, stdout, stderr] = await unlessAborted(all, limit.signal);
      if (this.#failure) throw this.#failure;
      return { exit, stdout, stderr };
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw this.#failure ?? error;
    }
  }

  /** Sends the signal to it and to what it started. Does nothing when it has ended. */
  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#signalGroup(signal);
  }

  /** Kills it if it has not ended, and is done when it has. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) this.#fail(new AccessClosedError(SUBJECT));
    await this.#exit;
    for (const stream of this.#streams) stream.destroy();
  }

  async *#pieces(stream: Readable): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of stream as AsyncIterable<Buffer>) {
        this.#received += piece.length;
        if (this.#received > this.#outputBytes) {
          this.#fail(new LimitExceededError("the output of a process", this.#outputBytes, "bytes"));
          break;
        }
        await this.#chargeOrKill(piece.length, 0);
        yield new Uint8Array(piece);
      }
    } catch (error) {
      throw this.#failure ?? asOslError(SUBJECT, error);
    }
    if (this.#failure) throw this.#failure;
  }

  async #chargeOrKill(bytesIn: number, bytesOut: number): Promise<void> {
    try {
      await this.#charge(bytesIn, bytesOut);
    } catch (error) {
      this.#fail(asOslError(SUBJECT, error));
      throw error;
    }
  }

  /** The first failure is why it was killed. */
  #fail(failure: OslError): void {
    this.#failure ??= failure;
    this.#signalGroup("SIGKILL");
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.#hasEnded) return;
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      // Nobody is left in the group.
      if (systemCodeOf(error) !== "ESRCH") throw error;
    }
  }
}

async function wholeOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return joined(pieces);
}
