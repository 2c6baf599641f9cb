import type { Account, OperationKind } from "@airssys/osl";
import type { Quota } from "@airssys/rt";
import {
  componentQuotas,
  type ComponentQuotas,
  type QuotaAction,
  type QuotaLevelChange,
  type QuotaName,
  type QuotaOutcome,
  type Quotas,
  type QuotaUsage,
} from "@airssys/security";
import { ComponentQuotaError } from "../errors.ts";

/** Those of so much a second. */
type Rate = Exclude<QuotaName, "memory" | "storage">;

export interface MeterOptions {
  /**
   * What is done about more than a quota allows, where that is something else than usual: the network and computing wait; what is sent and stored
   * is refused; what comes in by the broker is counted, and held against nobody: it is not the component that sends it. With `stop` it is refused, and
   * the component fails with `ComponentQuotaError`: its supervisor decides what comes of it. Memory is always refused, which ends the instance.
   */
  readonly actions?: Partial<Readonly<Record<Rate, QuotaAction>>> & { readonly storage?: "reject" | "stop" };
  /**
   * False where computing time is not to be held against anybody: on a virtual clock, which stands still while the machine computes. True unless
   * given.
   */
  readonly isCpuMetered?: boolean;
}

interface MeterParts extends MeterOptions {
  readonly component: string;
  readonly now: () => number;
  /** Told when usage reaches 80 or 95 per cent of a quota, or falls below; must not throw. */
  readonly onLevel: (change: QuotaLevelChange) => void;
  /** Has the broker count what the component sends. */
  readonly limitSending: (quota: Quota) => void;
}

/** What an incarnation does that is to end of having used too much. */
export type Fail = (reason: ComponentQuotaError) => void;

/** Milliseconds until there is room, 0 when what was asked for has been taken; or why it is refused. */
export type Room = number | ComponentQuotaError;

const NETWORK: ReadonlySet<OperationKind> = new Set([
  "http.request",
  "tcp.connect",
  "tcp.listen",
  "udp.bind",
  "udp.send",
] as const);

/** Less is not taken by itself: most calls take some thousandths of it, and looking at the clock for each would cost as much. */
const LEAST_MS = 1;

/** How many messages of a component the broker holds back for it: each may be an eighth of its memory. */
const MOST_HELD_BACK = 100;

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
  usage(): Readonly<Record<QuotaName, QuotaUsage>> {
    const entries = Object.entries(this.#meters).map(([name, meter]) => [name, meter.usage()] as const);
    return Object.fromEntries(entries) as Record<QuotaName, QuotaUsage>;
  }

  /** Another version with other quotas: rates begin anew, and what is held is still held. */
  adopt(quotas: Quotas): void {
    const { memory, storage } = this.#meters;
    const held = memory.usage().used;
    this.#quotas = quotas;
    this.#meters = this.#made();
    this.#meters.memory.consume(Math.min(held, quotas.memoryBytes));
    this.#meters.storage.observe(storage.usage().used);
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
  accountFor(fail: Fail): Account {
    return ({ operation, bytesIn, bytesOut }) => {
      if (!NETWORK.has(operation)) return true;
      const isOut = bytesOut > 0;
      if (!isOut && bytesIn === 0) return true;
      const room = this.#take(isOut ? "network.outbound" : "network.inbound", isOut ? bytesOut : bytesIn, fail);
      return typeof room === "number" && (room === 0 || room);
    };
  }

  /** Whether the next message may be handled: that what was computed is paid for, and if it came by the broker there is room for one more. */
  receive(isByBroker: boolean, fail: Fail): Room {
    const room = this.#settle(fail);
    if (room !== 0 || !isByBroker) return room;
    if (this.#parts.actions?.["messages.inbound"] !== undefined) return this.#take("messages.inbound", 1, fail);
    this.#meters["messages.inbound"].consume();
    return 0;
  }

  /** A message is about to be given to the broker, which refuses or keeps back what is too much. */
  sends(fail: Fail): void {
    this.#take("messages.outbound", 1, fail);
  }

  /** So much is in the store now. */
  stored(bytes: number): void {
    this.#meters.storage.observe(bytes);
  }

  /** The store took nothing, for it would have been too much. */
  storedTooMuch(fail: Fail): void {
    if (this.#parts.actions?.storage === "stop") fail(this.#errorFor("storage"));
  }

  /** Takes what is owed of computing time, a second's worth at a time. */
  #settle(fail: Fail): Room {
    while (this.#owedMs >= LEAST_MS) {
      const part = Math.min(this.#owedMs, this.#quotas.cpuMsPerSecond);
      const room = this.#take("cpu", part, fail);
      if (room !== 0) return room;
      this.#owedMs -= part;
    }
    return 0;
  }

  #take(quota: Rate, amount: number, fail: Fail): Room {
    const outcome: QuotaOutcome = this.#meters[quota].consume(amount);
    switch (outcome.type) {
      case "consumed":
        return 0;
      case "throttled":
        return outcome.waitMs ?? 1;
      case "rejected":
        return this.#errorFor(quota);
      case "stopped": {
        const reason = this.#errorFor(quota);
        fail(reason);
        return reason;
      }
    }
  }

  #errorFor(quota: QuotaName): ComponentQuotaError {
    return new ComponentQuotaError(this.#parts.component, quota, this.#meters[quota].usage().limit);
  }

  #made(): ComponentQuotas {
    const { actions = {}, now, onLevel, limitSending } = this.#parts;
    limitSending({
      rate: { messagesPerSecond: this.#quotas.messagesPerSecond },
      onExceeded: actions["messages.outbound"] === "throttle" ? "throttle" : "reject",
      maxWaiting: MOST_HELD_BACK,
    });
    return componentQuotas(this.#quotas, { actions: { ...actions, memory: "reject" }, now, onLevel });
  }
}
