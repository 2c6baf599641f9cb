/// <reference types="@airssys/guest/actor" />
// The same counter with its number in storage: what it has answered is kept, whatever becomes of the instance.
import type { ComponentMessage } from "airssys:core-component/component-lifecycle@1.0.0";
import { get, set } from "airssys:core-host/storage@1.0.0";

const raw = 0x55;
const codesOf = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

export const componentLifecycle = {
  init(): void {},

  /** `+` counts, `!` is a bug, anything else only asks. */
  handleMessage({ payload }: ComponentMessage): Uint8Array {
    const stored = get("counts", "count");
    const count = stored ? String.fromCharCode(...stored.value) : "0";
    const next = payload[1] === 0x2b ? String(BigInt(count) + 1n) : count;
    if (payload[1] === 0x21) throw new Error("a bug");
    set("counts", "count", Uint8Array.from(codesOf(next)));
    return Uint8Array.from([raw, ...codesOf(next)]);
  },

  execute: (operation: Uint8Array): Uint8Array => operation,
  handleCallback(): void {},
  metadata: () => ({ name: "stored-counter", version: "1.0.0", description: "Counts", operations: [], codecs: [raw] }),
  health: () => ({ tag: "healthy" }),
  shutdown(): void {},
};
