/// <reference types="@airssys/guest/actor" />
// Reserves `reserve <order> <item>`, and answers when it has: what is sold out is promised, and answered when `deliver <item>` comes.
import { deferReply, reply, type ReplyToken } from "airssys:core-host/messaging@1.0.0";
import type { ComponentMessage, ComponentMetadata } from "airssys:core-component/component-lifecycle@1.0.0";
import { fromText, toText } from "../text.ts";

interface State {
  readonly left: Record<string, number>;
  /** By order, the item kept for it. */
  readonly reserved: Record<string, string>;
}

let state: State = { left: { lamp: 1, chair: 3 }, reserved: {} };
/** Who waits for an item, by order. */
const waiting = new Map<string, { readonly item: string; readonly token: ReplyToken }>();

export const componentLifecycle = {
  init(): void {},

  handleMessage({ payload }: ComponentMessage): Uint8Array | null {
    const [verb = "", order = "", item = ""] = toText(payload).split(" ");
    if (verb === "reserve") return reserve(order, item);
    if (verb !== "deliver") throw { tag: "invalid-input", val: `${verb} is nothing that the stock does` };
    return deliver(order);
  },

  execute(): never {
    throw { tag: "unknown-operation", val: "this component takes messages" };
  },
  handleCallback(): void {},
  metadata(): ComponentMetadata {
    return { name: "stock", version: "1.0.0", description: "Reserves", operations: [], codecs: Uint32Array.of(0x55) };
  },
  health: () => ({ tag: "healthy" }),
  shutdown(): void {},
};

export const componentState = {
  snapshot: (): Uint8Array => fromText(JSON.stringify(state)),
  restore(bytes: Uint8Array): void {
    state = JSON.parse(toText(bytes)) as State;
  },
};

function reserve(order: string, item: string): Uint8Array | null {
  const left = state.left[item];
  if (left === undefined) return fromText(`no: there is no ${item}`);
  if (state.reserved[order] === item) return fromText("ok");
  if (left === 0) {
    waiting.set(order, { item, token: deferReply() });
    return null;
  }
  state.left[item] = left - 1;
  state.reserved[order] = item;
  return fromText("ok");
}

/** Another one has come: it is for whoever waits for it, or is put on the shelf. */
function deliver(item: string): Uint8Array {
  for (const [order, { item: wanted, token }] of waiting) {
    if (wanted !== item) continue;
    waiting.delete(order);
    state.reserved[order] = item;
    reply(token, { tag: "ok", val: fromText("ok") });
    return fromText("ok");
  }
  state.left[item] = (state.left[item] ?? 0) + 1;
  return fromText("ok");
}
