import type { Account, OperationKind } from "@airssys/osl";
import {
  componentQuotas,
  type ComponentQuotas,
  type QuotaLevelChange,
  type QuotaMeter,
  type QuotaName,
  type Quotas,
  type QuotaUsage,
} from "@airssys/security";

/** The quotas that are metered here. Messages are counted by the broker, and what is stored by the store. */
export type MeteredQuota = Exclude<QuotaName, "messages.inbound" | "messages.outbound" | "storage">;

const METERED_QUOTAS: readonly MeteredQuota[] = ["network.inbound", "network.outbound", "cpu", "memory"];

/** What is done about excess: it is refused, or waits until there is room. */
export type ExcessAction = "reject" | "throttle";

export interface MeterOptions {
  /** Bytes of the network wait unless said. Computing time always waits, and memory is always refused. */
  readonly actions?: Partial<Readonly<Record<"network.inbound" | "network.outbound", ExcessAction>>>;
  /**
   * False where computing time is not to be held against anybody: on a virtual clock, which stands still while the machine computes. True unless
   * given.
   */
  readonly isCpuMetered?: boolean;
}

interface MeterParts extends MeterOptions {
  readonly now: () => number;
  /** Told when usage reaches 80 or 95 per cent of a quota, or falls below; must not throw. */
  readonly onLevel: (change: QuotaLevelChange) => void;
}

const NETWORK: ReadonlySet<OperationKind> = new Set([
  "http.request",
  "tcp.connect",
  "tcp.listen",
  "udp.bind",
  "udp.send",
] as const);

/** Less is not taken by itself: most calls take some thousandths of it, and looking at the clock for each would cost as much. */
const LEAST_MS = 1;

/** What one component uses, over all its instances. */
export class ComponentMeters {
  readonly #parts: MeterParts;
  #quotas: Quotas;
  #meters: ComponentQuotas;
  /** Computing time that was used and could not be taken yet. */
  #owedMs = 0;

  constructor(quotas: Quotas, parts: MeterParts) {
    this.#parts = parts;
    this.#quotas = quotas;
    this.#meters = this.#made();
  }

  /** Of each quota: how much is used, and how much may be. */
  usage(): Readonly<Record<MeteredQuota, QuotaUsage>> {
    const entries = METERED_QUOTAS.map((name) => [name, this.#meters[name].usage()] as const);
    return Object.fromEntries(entries) as Record<MeteredQuota, QuotaUsage>;
  }

  /** Another version with other quotas: rates begin anew, and what is held is still held. */
  adopt(quotas: Quotas): void {
    const held = this.#meters.memory.usage().used;
    this.#quotas = quotas;
    this.#meters = this.#made();
    this.#meters.memory.consume(Math.min(held, quotas.memoryBytes));
  }

  /** Time was spent computing. What it is too much by, the next message waits for. */
  computed(ms: number): void {
    if (this.#parts.isCpuMetered !== false) this.#owedMs += ms;
  }

  /** Whether there is room for so many bytes more of memory; if so, they are held until they are released. */
  hold(bytes: number): boolean {
    return this.#meters.memory.consume(bytes).type === "consumed";
  }

  release(bytes: number): void {
    this.#meters.memory.release(Math.min(bytes, this.#meters.memory.usage().used));
  }

  /** For operations on the system: bytes of the network are metered, those of files are not. */
  readonly account: Account = ({ operation, bytesIn, bytesOut }) => {
    if (!NETWORK.has(operation)) return true;
    const isOut = bytesOut > 0;
    return isOut || bytesIn > 0
      ? roomIn(this.#meters[isOut ? "network.outbound" : "network.inbound"], isOut ? bytesOut : bytesIn)
      : true;
  };

  /** Takes what is owed of computing time, a second's worth at a time: in how many milliseconds to ask again for the rest, 0 when there is none. */
  settle(): number {
    while (this.#owedMs >= LEAST_MS) {
      const part = Math.min(this.#owedMs, this.#quotas.cpuMsPerSecond);
      const outcome = this.#meters.cpu.consume(part);
      if (outcome.type !== "consumed") return outcome.type === "throttled" ? (outcome.waitMs ?? 1) : 1;
      this.#owedMs -= part;
    }
    return 0;
  }

  #made(): ComponentQuotas {
    const { actions = {}, now, onLevel } = this.#parts;
    return componentQuotas(this.#quotas, { actions: { ...actions, cpu: "throttle", memory: "reject" }, now, onLevel });
  }
}

function roomIn(meter: QuotaMeter, amount: number): boolean | number {
  const outcome = meter.consume(amount);
  return outcome.type === "throttled" ? (outcome.waitMs ?? false) : outcome.type === "consumed";
}
