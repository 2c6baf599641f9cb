/** One way to do the work: ours, a peer's, or the least that JavaScript could do. */
export interface Subject {
  /** `airssys`, a peer's name as the registry has it (with a variant after a dash), `limit` or `bare-jco`. */
  readonly name: string;
  /** Operations in one timed run, for a subject so slow that the workload's number would take seconds. */
  readonly operations?: number;
  /** Prepares everything that is not measured. */
  readonly open: () => Promise<Run>;
}

export interface Run {
  /**
   * Does `operations` and resolves, when the last was handled, to how many were handled since the run before: by the count of
   * the handlers, not of the sender. Another number than `operations` is a failed benchmark.
   */
  readonly run: (operations: number) => Promise<number>;
  /** Removes what a run leaves behind; not timed. */
  readonly tidy?: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Workload {
  readonly suite: string;
  readonly name: string;
  /** The time of one operation is given in it. */
  readonly unit: "ns" | "us";
  /** Operations in one timed run: enough to take the faster subjects some 50 ms. */
  readonly operations: number;
  /** Operations come in multiples of it; 1 unless said. */
  readonly multiple?: number;
  readonly subjects: readonly Subject[];
}

export interface Row {
  readonly workload: string;
  readonly subject: string;
  readonly unit: string;
  /** Median over the rounds, per operation. */
  readonly value: number;
  /** The subject's value over airssys's: above 1, airssys is ahead. */
  readonly ratio: number;
}
