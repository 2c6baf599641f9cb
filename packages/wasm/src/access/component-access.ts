import { type Account, OsAccess, type Limits } from "@airssys/osl";
import type { AccessControl, Capability, CapabilitySet, Decision } from "@airssys/security";
import type { Clock } from "@airssys/rt";
import type { AccessOptions } from "./access-options.ts";
import { controlOf, type Deciding, isAdvisory } from "./control-of.ts";

/** Files are read and written in parts, and may be large; how many redirects are followed, each request says. */
const DEFAULT_LIMITS: Partial<Limits> = { fileBytes: 2 ** 30, redirects: 10 };

interface Means {
  readonly options: AccessOptions;
  readonly clock: Clock;
  /** Told of what operations on the system use. */
  readonly account: Account;
}

/**
 * What one incarnation of a component may do: every question whether it may is answered here, and taken down. What it opens on the system it
 * opens through `os`, and loses when the incarnation is over.
 */
export class ComponentAccess {
  readonly #component: string;
  readonly #options: AccessOptions;
  readonly #clock: Clock;
  readonly #account: Account;
  /** What was granted, for whoever only asks: nothing is decided by it, and nothing taken down. */
  readonly grants: CapabilitySet;
  readonly #control: AccessControl;
  #os: OsAccess | undefined;

  /** Of the component with that address, `namespace/name`. */
  constructor(component: string, version: Deciding, { options, clock, account }: Means) {
    this.#component = component;
    this.#options = options;
    this.#clock = clock;
    this.#account = account;
    this.grants = version.grants;
    this.#control = controlOf(component, version, options);
  }

  /** That of the same component in another version. It has opened nothing. */
  successor(version: Deciding): ComponentAccess {
    const means = { options: this.#options, clock: this.#clock, account: this.#account };
    return new ComponentAccess(this.#component, version, means);
  }

  /** Whether the component may do it now. Never throws. */
  check(capability: Capability): Decision {
    return this.#control.check(capability);
  }

  /** It is refused without being decided on: that is taken down as well. */
  refuse(capability: Capability, reason: string): void {
    this.#control.refuse(capability, reason);
  }

  allows(capability: Capability): boolean {
    return this.check(capability).decision === "granted";
  }

  /** Whether what is not granted is done all the same, and only said to be so. */
  get isAdvisory(): boolean {
    return isAdvisory(this.#options);
  }

  /** Files, network and processes, as far as they are granted. Made when first asked for: most components need none of it. */
  get os(): OsAccess {
    const { limits, middleware, resolve } = this.#options;
    this.#os ??= new OsAccess({
      actor: this.#component,
      decide: (capability) => this.check(capability),
      // Deciding was taking down.
      audit: () => true,
      onRefusal: (attempted, error) => this.refuse(attempted, error.message),
      account: this.#account,
      limits: { ...DEFAULT_LIMITS, ...limits },
      clock: {
        now: () => this.#clock.now(),
        after: (ms, callback) => {
          const timer = this.#clock.schedule(callback, ms);
          return () => timer.cancel();
        },
      },
      ...(middleware && { middleware }),
      ...(resolve && { resolve }),
    });
    return this.#os;
  }

  /** The value of a variable, if it is granted and set. */
  variable(name: string): string | undefined {
    const { environment = process.env } = this.#options;
    if (!this.allows({ kind: "environment", variable: name })) return undefined;
    return Object.hasOwn(environment, name) ? environment[name] : undefined;
  }

  /** Ends what is under way on the system and closes what is open. Nothing to wait for where nothing was opened. */
  close(): Promise<void> | undefined {
    return this.#os?.[Symbol.asyncDispose]();
  }
}
