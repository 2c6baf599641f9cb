import type { Limits, Middleware, Resolve } from "@airssys/osl";
import type { AuditTrail, DecisionMade, FixedRefusal, Mode, Policy } from "@airssys/security";

/** How it is decided what components may do while they run, and what becomes of the decisions. */
export interface AccessOptions {
  /**
   * `strict` unless given: what is not granted is refused. In the other modes it is granted, and the record says that it would have been
   * refused; what is always refused is so in all of them.
   */
  readonly mode?: Mode;
  /** Asked for everything that the grants cover: one has to allow it, and none may deny it. */
  readonly policies?: readonly Policy[];
  /** Where each decision is taken down, granted or refused: an `AuditLog`. In strict mode nothing is done that could not be. */
  readonly audit?: AuditTrail;
  /**
   * How many decisions about one component are taken down in a second, and at once: 2000 unless given. What it asks beyond that is not taken down,
   * which in strict mode is a refusal: no component can fill the log so that nobody else may do anything.
   */
  readonly auditedPerSecond?: number;
  /** Told of each decision; must not throw. */
  readonly onDecision?: (made: DecisionMade) => void;
  /** What the operator lifts of the list of what is refused whatever is granted. */
  readonly lifted?: Iterable<FixedRefusal>;
  /** The variables of which components get what they are granted: those of the process unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The most that each component gets of files, connections and processes. */
  readonly limits?: Partial<Limits>;
  /** Stands around every operation on the system: `rateLimit`, `logging` and `retry` of `@airssys/osl`, or your own. */
  readonly middleware?: readonly Middleware[];
  /** Looks names up: the system's resolver unless given. */
  readonly resolve?: Resolve;
}
