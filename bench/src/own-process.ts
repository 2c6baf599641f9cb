import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Player } from "./player.ts";
import type { Reading, Workload } from "./workload.ts";

const entry = fileURLToPath(new URL("subject-process.ts", import.meta.url));

/** A turn that is not over by then has lost a message: none takes even seconds. */
const TURN_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 5000;

/** What a process is asked to do with a subject. */
export interface Call {
  readonly suite: string;
  readonly workload: string;
  readonly subject: string;
  /** Of the workload's operations, above 0 to 1. */
  readonly share: number;
  readonly does: "open" | "round" | "close";
}

/** What comes of it. */
export type Outcome = { readonly reading: Reading | null } | { readonly failure: string };

/** A fresh process that plays subjects, one thing after another. */
export class OwnProcess {
  hasEnded = false;
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;
  #latest: Promise<unknown> = Promise.resolve();

  /** Standard output is for the report alone, so what a peer prints there goes to standard error. */
  constructor() {
    this.#child = fork(entry, {
      execArgv: ["--expose-gc"],
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", 2, 2, "ipc"],
    });
    this.#ended = new Promise((_, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", (code, signal) => {
        this.hasEnded = true;
        reject(new Error(`the process that plays the subjects ended with ${signal ?? code}`));
      });
    });
    this.#ended.catch(() => undefined);
  }

  /** Prepares a subject there. */
  async open({ suite, name: workload }: Workload, subject: string, share: number): Promise<Player> {
    const player = { suite, workload, subject, share };
    await this.#call({ ...player, does: "open" });
    return {
      subject,
      round: async () => {
        const reading = await this.#call({ ...player, does: "round" });
        if (reading === null) throw new Error(`${subject} played a round and has no reading`);
        return reading;
      },
      close: async () => {
        if (!this.hasEnded) await this.#call({ ...player, does: "close" });
      },
    };
  }

  /** Lets the process go, and waits until it has. */
  async end(): Promise<void> {
    if (this.hasEnded) return;
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), END_TIMEOUT_MS);
    await this.#ended.catch(() => clearTimeout(timer));
  }

  #call(call: Call): Promise<Reading | null> {
    const done = this.#latest.then(() => this.#perform(call));
    this.#latest = done.catch(() => undefined);
    return done;
  }

  async #perform(call: Call): Promise<Reading | null> {
    const { suite, workload, subject, does } = call;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const timer = setTimeout(() => {
      reject(new Error(`${suite} ${workload}: ${subject} did not finish its ${does} in ${TURN_TIMEOUT_MS} ms`));
      this.hasEnded = true;
      this.#child.kill("SIGKILL");
    }, TURN_TIMEOUT_MS);
    this.#child.once("message", resolve);
    this.#child.send(call);
    try {
      const outcome = await Promise.race([promise, this.#ended]);
      if ("failure" in outcome) throw new Error(outcome.failure);
      return outcome.reading;
    } finally {
      clearTimeout(timer);
      this.#child.off("message", resolve);
    }
  }
}
