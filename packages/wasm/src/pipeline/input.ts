/** What a stage gave up. */
export interface StageFailure {
  readonly stage: string;
  /** What the stage was given. */
  readonly payload: Uint8Array;
  /** Of the last attempt. */
  readonly error: unknown;
  readonly attempts: number;
  /** The stage that got it then, or `dead-letters`. */
  readonly routedTo: string;
}

/** What became of an input. */
export interface PushOutcome {
  /** `left`: all that came of it has left the pipeline. `lost`: the pipeline ended before, and whoever pushed it has it again. */
  readonly status: "left" | "lost";
  /** Outputs of it that were taken. */
  readonly delivered: number;
  /** How often a stage gave nothing for it. */
  readonly filtered: number;
  readonly failures: readonly StageFailure[];
  /** Why it was lost. */
  readonly cause?: unknown;
}

/** One input under way: it has left when no item of it is left. */
export class Input {
  readonly id: number;
  readonly payload: Uint8Array;
  /** Resolves when it has left or is lost; never rejects. */
  readonly outcome: Promise<PushOutcome>;
  /** Items that are somewhere in the pipeline. */
  items = 1;
  delivered = 0;
  filtered = 0;
  readonly failures: StageFailure[] = [];
  readonly #settle: (outcome: PushOutcome) => void;

  constructor(id: number, payload: Uint8Array, onSettled: (input: Input, outcome: PushOutcome) => void) {
    this.id = id;
    this.payload = payload;
    const { promise, resolve } = Promise.withResolvers<PushOutcome>();
    this.outcome = promise;
    let isOpen = true;
    this.#settle = (outcome) => {
      if (!isOpen) return;
      isOpen = false;
      onSettled(this, outcome);
      resolve(outcome);
    };
  }

  leave(): void {
    this.#settle(this.#outcome("left"));
  }

  lose(cause: unknown): void {
    this.#settle({ ...this.#outcome("lost"), cause });
  }

  #outcome(status: PushOutcome["status"]): PushOutcome {
    const { delivered, filtered, failures } = this;
    return { status, delivered, filtered, failures };
  }
}
