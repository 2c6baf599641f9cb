import type { AuditTrail } from "../audit/audit-entry.ts";
import { type Now, wallTime } from "../clock.ts";
import type { Approval, ApprovalDecision } from "./approval.ts";
import {
  ApprovalQueueFullError,
  ApprovalRefusedError,
  ApprovalRequiredError,
  ApprovalStepError,
} from "./approval-errors.ts";
import { readApprovals, writeApprovals } from "./approval-file.ts";
import { type ApprovalStep, stepFrom } from "./approval-machine.ts";
import { ApprovalTrail } from "./approval-trail.ts";
import { canonicalCapabilities, type Release, releaseId } from "./release.ts";
import { compareVersions } from "./semantic-version.ts";
import type { Trust } from "./trust.ts";

export interface ApprovalQueueOptions {
  /** Approvals that wait at once; 1000 unless given. */
  readonly maxOpen?: number;
  /** Decisions that are remembered; 10,000 unless given. Those that expired are forgotten first, then the oldest approvals. */
  readonly maxDecided?: number;
  /** How long a request waits before it expires; seven days unless given. */
  readonly waitMs?: number;
  readonly now?: Now;
  /** Where decisions are recorded, and what was refused: a release without an approval, an older version, who may not decide. */
  readonly audit?: AuditTrail;
}

export interface SubmitOptions {
  readonly requestedBy: string;
  readonly trust: Trust;
  /** Takes a version older than one that was approved before. */
  readonly isDowngradeAllowed?: boolean;
}

export interface ApprovalVerdict {
  readonly approver: string;
  readonly reason: string;
  /** How long the approval lasts; for ever unless given. */
  readonly ttlMs?: number;
}

const WEEK_MS = 604_800_000;
/** Nobody takes it to be two people, however he spells himself: small letters, and no more than the ASCII ones. */
const PERSON = /^[a-z0-9][a-z0-9@._+-]{0,127}$/;
/** Approves what the operator's configuration trusts. No person can have it as a name. */
const CONFIGURATION = "(configuration)";

/** Requests for approval and what became of them. Each change is on the disk before it is answered. One process at a time has a file. */
export class ApprovalQueue {
  readonly #file: string;
  readonly #options: ApprovalQueueOptions;
  readonly #now: Now;
  readonly #trail: ApprovalTrail;
  #approvals: ReadonlyMap<string, Approval>;
  #newest: ReadonlyMap<string, string>;
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(
    file: string,
    options: ApprovalQueueOptions,
    approvals: readonly Approval[],
    newest: Iterable<readonly [string, string]>,
  ) {
    this.#file = file;
    this.#options = options;
    this.#now = options.now ?? wallTime;
    this.#trail = new ApprovalTrail(options.audit);
    this.#approvals = new Map(approvals.map((approval) => [approval.id, approval]));
    this.#newest = new Map(newest);
  }

  /** The queue that was kept in a file, or a new one. @throws ApprovalFileError when the file is not as it was written */
  static async open(file: string, options: ApprovalQueueOptions = {}): Promise<ApprovalQueue> {
    const { approvals, newest } = await readApprovals(file);
    return new ApprovalQueue(file, options, approvals, newest);
  }

  /** Everything that is remembered, oldest first. */
  list(): readonly Approval[] {
    return [...this.#approvals.values()].map((approval) => this.#aged(approval));
  }

  /**
   * Asks for approval. What comes from a trusted source is approved at once; from a development source too, with a warning as the
   * reason. A release that was asked for before keeps its decision, a denial and a revocation for good: only what expired is asked anew.
   * @throws ApprovalRefusedError for an older version than one approved before, and when `requestedBy` is no person
   * @throws ApprovalQueueFullError
   * @throws InvalidReleaseError
   */
  submit(release: Release, { requestedBy, trust, isDowngradeAllowed = false }: SubmitOptions): Promise<Approval> {
    const id = releaseId(release);
    const { component, version, digest } = release;
    const capabilities = canonicalCapabilities(release.capabilities);
    const check = (): void => {
      checkPerson(nameOf(release), requestedBy);
      if (!isDowngradeAllowed) this.#checkUpgrade(release);
    };
    return this.#change(() => {
      this.#trail.of({ component, digest, id }, requestedBy, check);
      const known = this.#find(id);
      const isOpen = known?.state === "pending" || known?.state === "reviewing";
      const isTrusted = trust.level !== "unknown";
      if (known && known.state !== "expired" && !(isOpen && isTrusted)) return known;
      const at = this.#now();
      const asked: Approval = {
        id,
        component,
        version,
        digest,
        capabilities,
        requestedBy,
        state: "pending",
        requestedAt: at,
      };
      if (isTrusted)
        return { ...asked, state: "approved", decision: { approver: CONFIGURATION, reason: trust.reason, at } };
      const open = this.list().filter(({ state }) => state === "pending" || state === "reviewing").length;
      const { maxOpen = 1000 } = this.#options;
      if (open >= maxOpen) throw new ApprovalQueueFullError(maxOpen);
      return asked;
    });
  }

  /** Somebody looks at it, and nobody else does meanwhile. @throws ApprovalStepError @throws ApprovalRefusedError */
  review(id: string, reviewer: string): Promise<Approval> {
    return this.#step(id, "review", reviewer, (approval) => {
      checkDecider(approval, reviewer);
      return { reviewer };
    });
  }

  /** Whoever looked at it leaves it to others. @throws ApprovalStepError @throws ApprovalRefusedError */
  release(id: string, reviewer: string): Promise<Approval> {
    return this.#step(id, "release", reviewer, (approval) => {
      checkReviewer(approval, reviewer);
      return {};
    });
  }

  /** @throws ApprovalStepError @throws ApprovalRefusedError */
  approve(id: string, verdict: ApprovalVerdict): Promise<Approval> {
    return this.#decide(id, "approve", verdict);
  }

  /** @throws ApprovalStepError @throws ApprovalRefusedError */
  deny(id: string, verdict: Omit<ApprovalVerdict, "ttlMs">): Promise<Approval> {
    return this.#decide(id, "deny", verdict);
  }

  /** Takes an approval back: what runs has to be stopped by whoever runs it. @throws ApprovalStepError @throws ApprovalRefusedError */
  revoke(id: string, verdict: Omit<ApprovalVerdict, "ttlMs">): Promise<Approval> {
    return this.#step(id, "revoke", verdict.approver, (approval) => {
      checkPerson(nameOf(approval), verdict.approver);
      return { decision: decisionOf(approval, verdict, this.#now()) };
    });
  }

  /**
   * The approval of just this code, version and capabilities, if it has one that is still good. Never waits, so that it serves
   * machines as well as people. An older version than the newest that was ever approved is good only where that is said.
   * @throws ApprovalRequiredError @throws ApprovalRefusedError @throws InvalidReleaseError
   */
  requireApproval(
    release: Release,
    { isDowngradeAllowed = false }: Pick<SubmitOptions, "isDowngradeAllowed"> = {},
  ): Approval {
    const id = releaseId(release);
    const { component, digest } = release;
    return this.#trail.of({ component, digest, id }, undefined, () => {
      if (!isDowngradeAllowed) this.#checkUpgrade(release);
      const approval = this.#find(id);
      if (approval?.state === "approved") return approval;
      throw new ApprovalRequiredError(nameOf(release), id, approval?.state ?? "not asked for");
    });
  }

  #checkUpgrade(release: Release): void {
    const newest = this.#newest.get(release.component);
    if (newest === undefined || compareVersions(release.version, newest) >= 0) return;
    throw new ApprovalRefusedError(nameOf(release), `it is older than version ${newest}, which was approved before`);
  }

  #decide(id: string, step: "approve" | "deny", verdict: ApprovalVerdict): Promise<Approval> {
    return this.#step(id, step, verdict.approver, (approval) => {
      checkDecider(approval, verdict.approver);
      checkReviewer(approval, verdict.approver);
      return { decision: decisionOf(approval, verdict, this.#now()) };
    });
  }

  #step(
    id: string,
    step: ApprovalStep,
    person: string,
    change: (approval: Approval) => Partial<Approval>,
  ): Promise<Approval> {
    return this.#change(() => {
      const known = this.#find(id);
      if (!known) throw new ApprovalStepError(id, "unknown", step);
      const state = stepFrom(id, known.state, step);
      const { reviewer, ...others } = known;
      const changed = this.#trail.of(known, person, () => change(known));
      return { ...others, ...(step !== "release" && reviewer !== undefined && { reviewer }), ...changed, state };
    });
  }

  /** One change after another, and each on the disk before the next is thought of. One that fails changes nothing. */
  #change(change: () => Approval): Promise<Approval> {
    const changed = this.#changing.then(async () => {
      const approval = change();
      if (approval === this.#approvals.get(approval.id)) return approval;
      const approvals = this.#withChanged(approval);
      const newest = new Map(this.#newest);
      const known = newest.get(approval.component);
      const isNewer = known === undefined || compareVersions(approval.version, known) > 0;
      if (approval.state === "approved" && isNewer) newest.set(approval.component, approval.version);
      await writeApprovals(this.#file, { approvals: [...approvals.values()], newest: [...newest] });
      this.#approvals = approvals;
      this.#newest = newest;
      this.#trail.changed(approval);
      return approval;
    });
    // Whoever asked for the change hears that it failed; the next one goes on.
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  #withChanged(changed: Approval): ReadonlyMap<string, Approval> {
    const approvals = new Map(this.list().map((approval) => [approval.id, approval]));
    approvals.delete(changed.id);
    approvals.set(changed.id, changed);
    const { maxDecided = 10_000 } = this.#options;
    const decided = [...approvals.values()].filter(({ state }) => state !== "pending" && state !== "reviewing");
    // A denial or a revocation is never forgotten: what comes from a trusted source would be approved again.
    const forgettable = ["expired", "approved"].flatMap((each) => decided.filter(({ state }) => state === each));
    const excess = Math.max(0, decided.length - maxDecided);
    if (excess > forgettable.length) throw new ApprovalQueueFullError(maxDecided);
    for (const { id } of forgettable.slice(0, excess)) approvals.delete(id);
    return approvals;
  }

  #find(id: string): Approval | undefined {
    const known = this.#approvals.get(id);
    return known && this.#aged(known);
  }

  /** As it is now: time alone takes a step, too. */
  #aged(approval: Approval): Approval {
    const { state, decision, requestedAt, id } = approval;
    const { waitMs = WEEK_MS } = this.#options;
    const isOpen = state === "pending" || state === "reviewing";
    const end = isOpen ? requestedAt + waitMs : state === "approved" ? (decision?.expiresAt ?? Infinity) : Infinity;
    return this.#now() < end ? approval : { ...approval, state: stepFrom(id, state, "expire") };
  }
}

function decisionOf(approval: Approval, { approver, reason, ttlMs }: ApprovalVerdict, at: number): ApprovalDecision {
  if (reason.trim() === "") throw new ApprovalRefusedError(nameOf(approval), "a decision has a reason");
  if (ttlMs !== undefined && !(ttlMs > 0))
    throw new ApprovalRefusedError(nameOf(approval), "an approval lasts more than 0 ms");
  return { approver, reason, at, ...(ttlMs !== undefined && Number.isFinite(ttlMs) && { expiresAt: at + ttlMs }) };
}

function checkPerson(release: string, person: string): void {
  if (!PERSON.test(person)) {
    throw new ApprovalRefusedError(release, "people are named in small letters, digits and @ . _ + - of ASCII");
  }
}

function checkDecider(approval: Approval, person: string): void {
  checkPerson(nameOf(approval), person);
  if (person === approval.requestedBy)
    throw new ApprovalRefusedError(nameOf(approval), `${person} asked for it himself`);
}

function checkReviewer(approval: Approval, person: string): void {
  if (person !== approval.reviewer)
    throw new ApprovalRefusedError(nameOf(approval), `it is not ${person} who reviews it`);
}

function nameOf({ component, version }: Pick<Release, "component" | "version">): string {
  return `${component} ${version}`;
}
