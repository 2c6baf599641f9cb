import { type Now, wallTime } from "../clock.ts";
import type { Quotas } from "../manifest.ts";
import { type QuotaAction, type QuotaLevelChange, QuotaMeter } from "./quota-meter.ts";

/** What is metered: what comes in and what goes out are counted apart, each with the whole quota. */
export type QuotaName =
  | "messages.inbound"
  | "messages.outbound"
  | "network.inbound"
  | "network.outbound"
  | "cpu"
  | "memory"
  | "storage";

const DEFAULT_ACTIONS: Readonly<Record<QuotaName, QuotaAction>> = {
  "messages.inbound": "reject",
  "messages.outbound": "reject",
  "network.inbound": "throttle",
  "network.outbound": "throttle",
  cpu: "throttle",
  memory: "reject",
  storage: "reject",
};

export interface ComponentQuotasOptions {
  /** What happens to excess, where it is something else than usual. */
  readonly actions?: Partial<Readonly<Record<QuotaName, QuotaAction>>>;
  readonly now?: Now;
  /** Told when usage reaches a level, or falls below it; must not throw. */
  readonly onLevel?: (change: QuotaLevelChange) => void;
}

/**
 * The meters of one component over all its instances: of messages, bytes and milliseconds a second, and of bytes held.
 */
export type ComponentQuotas = Readonly<Record<QuotaName, QuotaMeter>>;

/** Meters for the quotas of a manifest, all unused. @throws InvalidQuotaError when a quota is no positive number */
export function componentQuotas(quotas: Quotas, options: ComponentQuotasOptions = {}): ComponentQuotas {
  const { actions = {}, now = wallTime, onLevel } = options;
  const meter = (name: QuotaName, kind: "rate" | "capacity", amount: number): QuotaMeter =>
    new QuotaMeter(name, kind === "rate" ? { kind, perSecond: amount } : { kind, max: amount }, {
      action: actions[name] ?? DEFAULT_ACTIONS[name],
      now,
      onLevel,
    });
  return {
    "messages.inbound": meter("messages.inbound", "rate", quotas.messagesPerSecond),
    "messages.outbound": meter("messages.outbound", "rate", quotas.messagesPerSecond),
    "network.inbound": meter("network.inbound", "rate", quotas.networkBytesPerSecond),
    "network.outbound": meter("network.outbound", "rate", quotas.networkBytesPerSecond),
    cpu: meter("cpu", "rate", quotas.cpuMsPerSecond),
    memory: meter("memory", "capacity", quotas.memoryBytes),
    storage: meter("storage", "capacity", quotas.storageBytes),
  };
}
