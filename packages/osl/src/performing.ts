import type { Authorize } from "./authorization.ts";
import type { Clock } from "./clock.ts";
import type { Limits } from "./limits.ts";
import type { Resolve } from "./network/resolver.ts";
import type { OpenResources } from "./open-resources.ts";

/** What the code that touches the system has: nothing is in reach that is not here. */
export interface Performing {
  /** Asked again for what a path or a name leads to, before that is touched. */
  readonly authorize: Authorize;
  readonly signal: AbortSignal;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly resolve: Resolve;
  readonly open: OpenResources;
  /** Reports bytes, and waits where the account says so. Rejects with QuotaExceededError when there is no room for them. */
  readonly charge: (bytesIn: number, bytesOut: number) => Promise<void>;
}
