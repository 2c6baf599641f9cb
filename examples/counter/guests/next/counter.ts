/// <reference types="@airssys/guest/actor" />
// The next version, in another language: counts by ten, and goes on from the same eight bytes.
import type { ComponentMessage } from "airssys:core-component/component-lifecycle@1.0.0";

const raw = 0x55;
let count = 0n;

export const componentLifecycle = {
  init(): void {},

  handleMessage({ payload }: ComponentMessage): Uint8Array {
    if (payload[1] === 0x2b) count += 10n;
    return Uint8Array.from([raw, ...Array.from(String(count), (digit) => digit.charCodeAt(0))]);
  },

  execute: (operation: Uint8Array): Uint8Array => operation,
  handleCallback(): void {},
  metadata: () => ({ name: "counter", version: "2.0.0", description: "Counts by ten", operations: [], codecs: [raw] }),
  health: () => ({ tag: "healthy" }),
  shutdown(): void {},
};

export const componentState = {
  snapshot: (): Uint8Array =>
    Uint8Array.from({ length: 8 }, (_, index) => Number((count >> BigInt(index * 8)) & 0xffn)),

  restore(state: Uint8Array): void {
    if (state.length !== 8) throw { tag: "invalid-input", val: "a state has eight bytes" };
    count = state.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  },
};
