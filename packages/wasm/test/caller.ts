import type { ActorRef } from "@airssys/rt";
import { jsonPayload, parseJsonPayload, type ComponentMessage } from "../src/index.ts";

/** What a caller's call came to: the value, or the error of the result. */
export type Called = { readonly ok: unknown } | { readonly err: unknown };

/** Has a component of the guest `caller` call `interface.function`. Bytes are `{ text }`. */
export async function callHost(caller: ActorRef<ComponentMessage>, call: string, ...args: unknown[]): Promise<Called> {
  const reply = await caller.ask(jsonPayload({ call, args }));
  return parseJsonPayload(reply ?? new Uint8Array()) as Called;
}
