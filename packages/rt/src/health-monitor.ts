import type { ActorCell } from "./actor-cell.ts";
import type { HealthReport } from "./actor.ts";
import type { HealthCheckOptions } from "./child-spec.ts";
import type { Timer } from "./clock.ts";
import { HealthCheckFailedError, InvalidOptionError } from "./errors.ts";
import type { Kernel } from "./kernel.ts";

/** Checks the health of one incarnation until it is stopped, and condemns the actor at the threshold. */
export class HealthMonitor {
  readonly #kernel: Kernel<ActorCell>;
  readonly #cell: ActorCell;
  readonly #options: HealthCheckOptions;
  #failures = 0;
  #timer: Timer | undefined;
  /** Tells the answer to the check under way from late answers to earlier ones. */
  #check = 0;

  constructor(kernel: Kernel<ActorCell>, cell: ActorCell, options: HealthCheckOptions) {
    const { intervalMs, timeoutMs, failureThreshold } = options;
    if (!(intervalMs > 0)) throw new InvalidOptionError("health.intervalMs", "above 0", intervalMs);
    if (!(timeoutMs > 0)) throw new InvalidOptionError("health.timeoutMs", "above 0", timeoutMs);
    if (!(failureThreshold >= 1))
      throw new InvalidOptionError("health.failureThreshold", "at least 1", failureThreshold);
    this.#kernel = kernel;
    this.#cell = cell;
    this.#options = options;
  }

  start(): void {
    this.#failures = 0;
    this.#rest();
  }

  stop(): void {
    this.#check += 1;
    this.#timer?.cancel();
  }

  #rest(): void {
    this.#timer = this.#kernel.clock.schedule(() => this.#inquire(), this.#options.intervalMs);
  }

  #inquire(): void {
    this.#check += 1;
    const check = this.#check;
    const { timeoutMs } = this.#options;
    this.#timer = this.#kernel.clock.schedule(() => this.#failed(`no answer within ${timeoutMs} ms`), timeoutMs);
    this.#cell.checkHealth((report) => {
      if (check === this.#check) this.#hear(report);
    });
  }

  #hear(report: HealthReport): void {
    this.#timer?.cancel();
    if (report.status === "unhealthy") {
      this.#failed(report.detail);
      return;
    }
    this.#check += 1;
    this.#failures = 0;
    this.#rest();
  }

  #failed(failure: string): void {
    this.#check += 1;
    this.#failures += 1;
    const { path } = this.#cell;
    const { events } = this.#kernel;
    const failuresInARow = this.#failures;
    if (events.observes("health-check-failed")) {
      events.emit({ type: "health-check-failed", path, failure, failuresInARow });
    }
    if (failuresInARow < this.#options.failureThreshold) this.#rest();
    else this.#cell.condemn(new HealthCheckFailedError(path, failuresInARow, failure));
  }
}
