import { performance } from "node:perf_hooks";
import {
  isGauged,
  type GaugedSubject,
  type Reading,
  type Run,
  type Subject,
  type TimedWorkload,
  type Workload,
} from "./workload.ts";

/** One subject of a workload, which takes its turn when it is told to. */
export interface Player {
  readonly subject: string;
  /** Plays once. Rejects when more or fewer operations were handled than were asked for. */
  round(): Promise<Reading>;
  close(): Promise<void>;
}

/** Prepares a subject in this process. `share` of the workload's operations make one round, above 0 to 1. */
export async function openPlayer(workload: Workload, name: string, share: number): Promise<Player> {
  if (isGauged(workload)) {
    const size = Math.max(workload.smallest, Math.round(workload.size * share));
    return new Gauge(theOne(workload.subjects, name), size);
  }
  const subject = theOne(workload.subjects, name);
  return new Timed(workload, subject, operationsOf(workload, subject, share), await subject.open());
}

function theOne<S extends { readonly name: string }>(subjects: readonly S[], name: string): S {
  const subject = subjects.find((one) => one.name === name);
  if (subject === undefined) throw new Error(`there is no subject ${name}`);
  return subject;
}

function operationsOf({ operations, multiple = 1 }: TimedWorkload, subject: Subject, share: number): number {
  return Math.max(1, Math.round(((subject.operations ?? operations) * share) / multiple)) * multiple;
}

class Gauge implements Player {
  readonly subject: string;
  readonly #gauge: GaugedSubject;
  readonly #size: number;

  constructor(gauge: GaugedSubject, size: number) {
    this.subject = gauge.name;
    this.#gauge = gauge;
    this.#size = size;
  }

  round(): Promise<Reading> {
    return this.#gauge.gauge(this.#size);
  }

  async close(): Promise<void> {}
}

const perMillisecond = { ns: 1e6, us: 1e3 } as const;

/** Is timed until its last operation was handled. */
class Timed implements Player {
  readonly subject: string;
  readonly #workload: TimedWorkload;
  readonly #operations: number;
  readonly #run: Run;

  constructor(workload: TimedWorkload, { name }: Subject, operations: number, run: Run) {
    this.subject = name;
    this.#workload = workload;
    this.#operations = operations;
    this.#run = run;
  }

  async round(): Promise<Reading> {
    const operations = this.#operations;
    await this.#run.prepare?.(operations);
    globalThis.gc?.();
    const started = performance.now();
    const handled = await this.#run.run(operations);
    const elapsedMs = performance.now() - started;
    if (handled !== operations) {
      const { suite, name } = this.#workload;
      throw new Error(`${suite} ${name}: ${this.subject} handled ${handled} operations, expected ${operations}`);
    }
    await this.#run.tidy?.();
    return [{ value: (elapsedMs / operations) * perMillisecond[this.#workload.unit] }];
  }

  close(): Promise<void> {
    return this.#run.close();
  }
}
