/// <reference types="@airssys/guest/actor" />
// Sees an order through: charge, then reserve; what cannot be reserved is refunded. Each step may be asked for twice, so a fresh
// instance goes on from the snapshot by asking again for what its predecessor waited for.
import { deferReply, reply, request, type ReplyToken } from "airssys:core-host/messaging@1.0.0";
import type {
  ComponentMessage,
  ComponentMetadata,
  MessagingError,
  Result,
} from "airssys:core-component/component-lifecycle@1.0.0";
import { fromText, toText } from "../text.ts";

type Step = "charging" | "reserving" | "refunding" | "done";

interface Order {
  readonly item: string;
  readonly euros: string;
  step: Step;
  /** What became of it, or why it is being refunded. */
  outcome: string;
}

let orders: Record<string, Order> = {};
/** Who wants to know what becomes of an order, and which order a request is for. Neither outlives the instance. */
const asking = new Map<string, ReplyToken[]>();
const requests = new Map<string, string>();

export const componentLifecycle = {
  init(): void {},

  /** `order <id> <item> <euros>`: answered when it is done. The same order again is the same order. */
  handleMessage({ payload }: ComponentMessage): Uint8Array | null {
    const [verb = "", id = "", item = "", euros = ""] = toText(payload).split(" ");
    if (verb !== "order") throw new Error(`a bug: nobody thought of ${verb}`);
    const known = orders[id];
    const order = known ?? { item, euros, step: "charging", outcome: "" };
    if (order.step === "done") return fromText(order.outcome);
    orders[id] = order;
    asking.set(id, [...(asking.get(id) ?? []), deferReply()]);
    if (!Array.from(requests.values()).includes(id)) go(id, order);
    return null;
  },

  handleCallback(requestId: string, outcome: Result<Uint8Array, MessagingError>): void {
    const id = requests.get(requestId) ?? "";
    requests.delete(requestId);
    const order = orders[id];
    if (!order) return;
    // No answer is not a no: the order stays where it is, and whoever asks again has it go on.
    if (outcome.tag === "err") return tell(id, { tag: "err", val: { tag: "failed", val: outcome.val.val } });
    const answer = toText(outcome.val);
    [order.step, order.outcome] = after(order, answer);
    if (order.step === "done") tell(id, { tag: "ok", val: fromText(order.outcome) });
    else go(id, order);
  },

  execute(): never {
    throw { tag: "unknown-operation", val: "this component takes messages" };
  },
  metadata(): ComponentMetadata {
    return {
      name: "saga",
      version: "1.0.0",
      description: "Sees orders through",
      operations: [],
      codecs: Uint32Array.of(0x55),
    };
  },
  health: () => ({ tag: "healthy" }),
  shutdown(): void {},
};

export const componentState = {
  snapshot: (): Uint8Array => fromText(JSON.stringify(orders)),
  restore(bytes: Uint8Array): void {
    orders = JSON.parse(toText(bytes)) as typeof orders;
    for (const [id, order] of Object.entries(orders)) if (order.step !== "done") go(id, order);
  },
};

/** The saga itself: where an order is after an answer. */
function after({ step, item, outcome }: Order, answer: string): [Step, string] {
  if (step === "charging") return answer === "ok" ? ["reserving", ""] : ["done", `not charged, ${answer}`];
  if (step === "reserving") return answer === "ok" ? ["done", `${item} reserved`] : ["refunding", answer];
  return ["done", `refunded, ${outcome}`];
}

function go(id: string, { step, item, euros }: Order): void {
  const [to, ask] =
    step === "charging"
      ? ["shop/till", `charge ${id} ${euros}`]
      : step === "reserving"
        ? ["shop/stock", `reserve ${id} ${item}`]
        : ["shop/till", `refund ${id}`];
  requests.set(request(to, fromText(ask), 60_000), id);
}

function tell(id: string, outcome: Parameters<typeof reply>[1]): void {
  for (const token of asking.get(id) ?? []) reply(token, outcome);
  asking.delete(id);
}
