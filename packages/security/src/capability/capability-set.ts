import { type Now, wallTime } from "../clock.ts";
import {
  CapabilityLimitError,
  CapabilityExceededError,
  CapabilityRevokedError,
  DerivationDepthError,
  InvalidCapabilityError,
  UnknownRefusalError,
} from "./capability-errors.ts";
import { type Capability, resourceOf, type Right } from "./capability.ts";
import {
  type CapabilityPattern,
  compileRequest,
  type CompiledRequest,
  coversPattern,
  mayMeet,
  patternOf,
} from "./capability-pattern.ts";
import { FIXED_REFUSALS, type FixedRefusal, FixedRefusals } from "./fixed-refusals.ts";
import { isInternal, parseAddress } from "./network-address.ts";
import { segmentsOfAddress } from "./network-target.ts";
import { splitPath } from "./path-pattern.ts";
import { reachesPath } from "./path-reach.ts";
import { PatternTrie, type TrieNode } from "./pattern-trie.ts";

/** What a set says of one request. */
export type Judgement =
  | { readonly type: "granted"; readonly by: Capability }
  | { readonly type: "not-granted"; readonly reason: string }
  /** Taken back, here or further up. */
  | { readonly type: "revoked"; readonly reason: string }
  /** On the list of what is refused whatever is granted. */
  | { readonly type: "forbidden"; readonly reason: string; readonly refusal: FixedRefusal }
  /** Written so that it cannot be compared with any grant. */
  | { readonly type: "malformed"; readonly reason: string };

export interface CapabilitySetOptions {
  /** What an operator lifts of the always-refused list. */
  readonly lifted?: Iterable<FixedRefusal>;
  /** The time by which grants expire; the machine's unless given. */
  readonly now?: Now;
  /** The most grants and revocations the set takes over its life: 100,000 unless given. */
  readonly maxGrants?: number;
}

export interface GrantOptions {
  /** Milliseconds since the Unix epoch from which on it is granted no more; never unless given. */
  readonly expiresAt?: number;
}

/** What becomes of a grant that goes beyond the set it is derived from: an error, or what both allow. */
export type OnExcess = "refuse" | "intersect";

interface Granted {
  readonly capability: Capability;
  readonly pattern: CapabilityPattern;
  readonly node: TrieNode<Judgement>;
}

const DEEPEST = 16;
const NEVER = Infinity;

/** Grants to ask. What is not granted is refused; what was revoked stays refused, here and in every set derived from this one. */
export class CapabilitySet {
  readonly #parent: CapabilitySet | undefined;
  readonly #depth: number;
  readonly #onExcess: OnExcess;
  readonly #now: Now;
  readonly #maxGrants: number;
  readonly #forbidden: FixedRefusals;
  readonly #granted = new Map<Right, PatternTrie<Judgement>>();
  readonly #revoked = new Map<Right, PatternTrie<Capability>>();
  readonly #revocations: CapabilityPattern[] = [];
  readonly #revokedHere: Capability[] = [];
  /** By right and pattern as written. */
  readonly #grants = new Map<string, Granted>();
  #taken = 0;
  /** Whether any grant ever had an end: as long as none has, nobody needs to know the time. */
  #mayExpire = false;

  /** @throws UnknownRefusalError when `lifted` names nothing that is on the list */
  constructor(
    options: CapabilitySetOptions = {},
    origin?: { readonly parent: CapabilitySet; readonly onExcess: OnExcess },
  ) {
    const parent = origin?.parent;
    this.#parent = parent;
    this.#onExcess = origin?.onExcess ?? "refuse";
    this.#depth = parent ? parent.#depth + 1 : 0;
    this.#now = parent ? parent.#now : (options.now ?? wallTime);
    this.#maxGrants = parent ? parent.#maxGrants : (options.maxGrants ?? 100_000);
    this.#forbidden = parent ? parent.#forbidden : new FixedRefusals(checkedLifted(options.lifted ?? []));
  }

  /**
   * Allows what the capability stands for, until it expires. Granted twice, it lasts as long as the longer of the two.
   * @throws InvalidCapabilityError when it is no pattern that can be granted
   * @throws CapabilityRevokedError when it was revoked in this set
   * @throws CapabilityExceededError when the set is derived, refuses excess, and its parent does not grant all of it
   * @throws CapabilityLimitError when the set is full
   */
  grant(capability: Capability, { expiresAt = NEVER }: GrantOptions = {}): void {
    const pattern = patternOf(capability);
    if (!pattern || Number.isNaN(expiresAt)) throw new InvalidCapabilityError(capability);
    if (this.#revocations.some((revoked) => coversPattern(revoked, pattern)))
      throw new CapabilityRevokedError(capability);
    if (this.#onExcess === "refuse" && this.#parent && !this.#parent.#coversWhole(pattern)) {
      throw new CapabilityExceededError(capability);
    }
    if (expiresAt !== NEVER) this.#mayExpire = true;
    const key = keyOf(pattern);
    const known = this.#grants.get(key);
    const node = known?.node ?? this.#take(capability, this.#granted, pattern);
    node.until = Math.max(node.until, expiresAt);
    node.value ??= Object.freeze({ type: "granted", by: Object.freeze({ ...capability }) });
    if (!known) this.#grants.set(key, { capability, pattern, node });
  }

  /**
   * Takes back all that the capability stands for, whether it was granted as a whole, in parts or within something larger: in
   * this set and in all that are derived from it, for good.
   * @throws InvalidCapabilityError when it is no pattern
   * @throws CapabilityLimitError when the set is full
   */
  revoke(capability: Capability): void {
    const pattern = patternOf(capability);
    if (!pattern) throw new InvalidCapabilityError(capability);
    const node = this.#take(capability, this.#revoked, pattern);
    node.until = NEVER;
    node.value ??= Object.freeze({ ...capability });
    this.#revocations.push(pattern);
    this.#revokedHere.push(Object.freeze({ ...capability }));
    for (const [key, granted] of this.#grants) {
      if (!coversPattern(pattern, granted.pattern)) continue;
      granted.node.until = -Infinity;
      this.#grants.delete(key);
    }
  }

  /** Whether the request is granted now. */
  matches(requested: Capability): boolean {
    return this.judge(requested).type === "granted";
  }

  /** The same with the reason. Never throws. */
  judge(requested: Capability): Judgement {
    const request = compileRequest(requested);
    if (typeof request === "string") return { type: "malformed", reason: `the request is ${request}` };
    const refusal = this.#forbidden.of(request);
    if (refusal !== undefined) return forbidden(refusal);
    const judgement = this.#judge(request);
    const resolved = request.connection?.resolved;
    return judgement.type === "granted" && resolved !== undefined
      ? this.#judgeResolved(request, resolved, judgement)
      : judgement;
  }

  /**
   * Whether anything that is asked for is granted, of many things any, of a host its name or its address: what a denial has to ask,
   * where a permission asks whether all of it is.
   */
  meets(requested: Capability): boolean {
    const request = compileRequest(requested);
    if (typeof request === "string") return false;
    const { pattern, connection } = request;
    if (pattern) return this.#grantsMeeting(pattern);
    if (this.#judge(request).type === "granted") return true;
    const address = connection?.resolved === undefined ? undefined : parseAddress(connection.resolved);
    if (!connection || address === undefined || address === "unclear") return false;
    return this.#judge({ right: "connect", segments: segmentsOfAddress(address, connection.port) }).type === "granted";
  }

  /** The rule by which all that a capability stands for is refused, whatever is granted; undefined where some of it may be granted. */
  forbids(capability: Capability): FixedRefusal | undefined {
    const judgement = this.judge(capability);
    if (judgement.type === "forbidden") return judgement.refusal;
    const pattern = patternOf(capability);
    return pattern?.right.startsWith("file.")
      ? this.#forbidden.ofAll(pattern.right, resourceOf(capability))
      : undefined;
  }

  /**
   * A set of its own, empty at first, which never allows what this one does not: not when this one is revoked or expires later
   * either. Granting it more than this one has is refused, or narrowed to what both allow.
   * @throws DerivationDepthError when sets are derived from derived sets without end
   */
  derive(onExcess: OnExcess = "refuse"): CapabilitySet {
    if (this.#depth >= DEEPEST) throw new DerivationDepthError(DEEPEST);
    return new CapabilitySet({}, { parent: this, onExcess });
  }

  /** Whether one grant covers all that the capability stands for, so that an install can be refused before anything runs. */
  covers(capability: Capability): boolean {
    const pattern = patternOf(capability);
    return pattern !== undefined && this.#coversWhole(pattern);
  }

  /**
   * Whether anything at a path or below it is granted, whatever may be done to it: whether there is a reason to pass through a folder. Says
   * no more than that: what was revoked within something larger is not looked at.
   */
  reaches(path: string): boolean {
    const segments = splitPath(path);
    if (typeof segments === "string") return false;
    const now = this.#now();
    for (const { pattern, node } of this.#grants.values()) {
      if (node.until <= now || !pattern.right.startsWith("file.") || !reachesPath(pattern.segments, segments)) continue;
      return this.#parent === undefined || this.#parent.reaches(path);
    }
    return false;
  }

  /** What was taken back in this set, in the order that it was. */
  revoked(): readonly Capability[] {
    return [...this.#revokedHere];
  }

  /** What was granted and has neither expired nor been revoked here. A derived set may allow less. */
  list(): readonly Capability[] {
    const now = this.#now();
    return [...this.#grants.values()].filter(({ node }) => node.until > now).map(({ capability }) => capability);
  }

  #judge(request: CompiledRequest): Judgement {
    const { right, segments } = request;
    if (this.#revocations.length > 0 && this.#isRevoked(request)) return REVOKED;
    const own = this.#granted.get(right)?.find(segments, this.#mayExpire ? this.#now() : 0);
    if (own === undefined) return NOT_GRANTED;
    if (!this.#parent) return own;
    const above = this.#parent.#judge(request);
    return above.type === "granted" ? own : above;
  }

  /** Whoever asks for many things at once asks for each of them. */
  #isRevoked({ right, segments, pattern }: CompiledRequest): boolean {
    return pattern
      ? this.#revocations.some((revoked) => mayMeet(revoked, pattern))
      : this.#revoked.get(right)?.find(segments, 0) !== undefined;
  }

  /** A public address is as good as the name. Any other has to be granted itself: a name can be made to lead anywhere. */
  #judgeResolved(request: CompiledRequest, resolved: string, judgement: Judgement): Judgement {
    const address = typeof resolved === "string" ? parseAddress(resolved) : "unclear";
    if (address === undefined || address === "unclear")
      return { type: "malformed", reason: "the request is with an unclear address" };
    const refusal = this.#forbidden.ofAddress(address);
    if (refusal !== undefined) return forbidden(refusal);
    const { literal, port = "" } = request.connection ?? {};
    const segments = segmentsOfAddress(address, port);
    if (literal) {
      const isSame = segments[1] === request.segments[1];
      return isSame
        ? judgement
        : { type: "malformed", reason: "the request is for one address and resolved to another" };
    }
    const direct = this.#judge({ right: "connect", segments });
    if (direct.type === "revoked") return direct;
    if (!isInternal(address)) return judgement;
    return direct.type === "granted"
      ? judgement
      : { type: "not-granted", reason: "the name leads to an internal address that is not granted" };
  }

  /** Expired grants cover nothing, and neither does what a revocation may have a share in. */
  #coversWhole(requested: CapabilityPattern): boolean {
    const now = this.#now();
    if (this.#revocations.some((revoked) => mayMeet(revoked, requested))) return false;
    for (const { pattern, node } of this.#grants.values()) {
      if (node.until <= now || !coversPattern(pattern, requested)) continue;
      return this.#parent === undefined || this.#parent.#coversWhole(requested);
    }
    return false;
  }

  #grantsMeeting(requested: CapabilityPattern): boolean {
    const now = this.#now();
    for (const { pattern, node } of this.#grants.values())
      if (node.until > now && mayMeet(pattern, requested)) return true;
    return false;
  }

  #take<Value>(
    capability: Capability,
    tries: Map<Right, PatternTrie<Value>>,
    pattern: CapabilityPattern,
  ): TrieNode<Value> {
    const trie = tries.get(pattern.right) ?? new PatternTrie<Value>();
    tries.set(pattern.right, trie);
    const node = this.#taken < this.#maxGrants ? trie.at(pattern.segments) : undefined;
    if (!node) throw new CapabilityLimitError(capability, this.#maxGrants);
    this.#taken += 1;
    return node;
  }
}

const REVOKED: Judgement = Object.freeze({ type: "revoked", reason: "it was revoked" });
const NOT_GRANTED: Judgement = Object.freeze({ type: "not-granted", reason: "no grant covers it" });

function forbidden(refusal: FixedRefusal): Judgement {
  return { type: "forbidden", reason: `it is always refused (${refusal})`, refusal };
}

function keyOf({ right, segments }: CapabilityPattern): string {
  return `${right}\0${segments.map((segment) => `${segment.type[0]}${"text" in segment ? segment.text : ""}`).join("\0")}`;
}

function checkedLifted(lifted: Iterable<FixedRefusal>): ReadonlySet<FixedRefusal> {
  const names = new Set(lifted);
  for (const name of names) if (!FIXED_REFUSALS.includes(name)) throw new UnknownRefusalError(name, FIXED_REFUSALS);
  return names;
}
