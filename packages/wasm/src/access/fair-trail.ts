import { type AuditEntry, type AuditTrail, QuotaMeter } from "@airssys/security";

/**
 * The part that one component has in a log of all. Decisions cost a component next to nothing, and a line something: one that asks without end
 * would fill what waits to be written, and in strict mode nobody could do anything any more. So it has so many lines a second, and what it asks
 * beyond that is not taken down: it alone is refused for it.
 */
export class FairTrail implements AuditTrail {
  readonly #trail: AuditTrail;
  readonly #lines: QuotaMeter;

  constructor(trail: AuditTrail, linesPerSecond: number, now: () => number) {
    this.#trail = trail;
    this.#lines = new QuotaMeter("audit", { kind: "rate", perSecond: linesPerSecond }, { action: "reject", now });
  }

  record(entry: AuditEntry): boolean {
    return this.#lines.consume().type === "consumed" && this.#trail.record(entry);
  }
}
