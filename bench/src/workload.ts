export type Unit = "ns" | "us" | "B";

interface Named {
  /** `airssys`, a peer's name as the registry has it, `erlang`, `limit`, `bare-jco`, `uninstrumented`; with a variant after a dash. */
  readonly name: string;
  /** Whether the peer is installed on this machine; always, unless given. */
  readonly isHere?: () => boolean;
}

/** One way to do the work: ours, a peer's, or the least that JavaScript could do. */
export interface Subject extends Named {
  /** Operations in one timed run, for a subject so slow that the workload's number would take seconds. */
  readonly operations?: number | undefined;
  /** Prepares everything that is not measured. */
  readonly open: () => Promise<Run>;
}

export interface Run {
  /**
   * Does `operations` and resolves, when the last was handled, to how many were handled since the run before: by the count of
   * the handlers, not of the sender. Another number than `operations` is a failed benchmark.
   */
  readonly run: (operations: number) => Promise<number>;
  /** Gets ready for a run; not timed. */
  readonly prepare?: (operations: number) => Promise<void>;
  /** Removes what a run leaves behind; not timed. */
  readonly tidy?: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A workload whose measure is the time that one operation takes. */
export interface TimedWorkload {
  readonly suite: string;
  readonly name: string;
  /** The time of one operation is given in it. */
  readonly unit: "ns" | "us";
  /** Operations in one timed run: enough to take the faster subjects some 50 ms. */
  readonly operations: number;
  /** The rows at the end of the suite in which its figures are taken together with others', in the same unit. */
  readonly means?: readonly string[];
  /** Operations come in multiples of it; 1 unless said. */
  readonly multiple?: number;
  readonly subjects: readonly Subject[];
}

/** One way to do what is gauged. */
export interface GaugedSubject extends Named {
  /** Does it once, in a process in which it has not been done before, and will not be again. */
  readonly gauge: (size: number) => Promise<Reading>;
}

export interface Value {
  readonly value: number;
  /** The event loop served nobody all the time that was watched: the value is that time, and would grow with it. */
  readonly isStarved?: boolean;
}

/** One value for each figure of a workload, in its unit and order; null for a figure that the subject cannot have. */
export type Reading = readonly (Value | null)[];

export interface Figure {
  readonly name: string;
  readonly unit: Unit;
}

/** A workload whose subjects read figures off themselves: memory, or times that are not all alike. */
export interface GaugedWorkload {
  readonly suite: string;
  readonly name: string;
  readonly figures: readonly Figure[];
  /** How much of it, or how long, as its subjects mean it. */
  readonly size: number;
  /** With less than this a figure says nothing at all. */
  readonly smallest: number;
  readonly subjects: readonly GaugedSubject[];
}

export type Workload = TimedWorkload | GaugedWorkload;

export function isGauged(workload: Workload): workload is GaugedWorkload {
  return "figures" in workload;
}

/** The names under which a workload's rows are reported. A timed one has one, its own. */
export function figuresOf(workload: Workload): readonly Figure[] {
  return isGauged(workload) ? workload.figures : [workload];
}

/** The names of a workload's subjects that can be measured on this machine, in the workload's order. */
export function subjectsHere({ subjects }: Workload): readonly string[] {
  return subjects.filter(({ isHere }) => isHere?.() ?? true).map(({ name }) => name);
}

export interface Row {
  /** The workload's name, or of a workload with several figures the figure's, or that of a mean. */
  readonly workload: string;
  readonly subject: string;
  readonly unit: Unit;
  /** Median over the rounds, per operation or whatever is counted. Less is better. */
  readonly value: number;
  /** The subject's value over airssys's: above 1, airssys is ahead. */
  readonly ratio: number;
  /** Present, and true, when the event loop was starved: the value is the time that was watched, not the subject's own. */
  readonly isStarved?: boolean | undefined;
}
