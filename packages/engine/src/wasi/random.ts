import { HostFunctionError } from "../errors.ts";
import type { WasiSettings } from "./settings.ts";
import type { InterfaceMakers } from "./wasi-instance.ts";

/** `wasi:random`: bytes of the instance's source. */

const MAX_BYTES = 1_048_576;

function bytesOf({ random }: WasiSettings, length: bigint): Uint8Array {
  if (length > BigInt(MAX_BYTES)) {
    throw new HostFunctionError("wasi:random", `was asked for ${length} bytes, at most ${MAX_BYTES} are given at once`);
  }
  return random(Number(length));
}

function u64Of(settings: WasiSettings): bigint {
  const bytes = bytesOf(settings, 8n);
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
}

export const randomInterfaces: InterfaceMakers = {
  "wasi:random/random": ({ settings }) => ({
    getRandomBytes: (length: bigint) => bytesOf(settings, length),
    getRandomU64: () => u64Of(settings),
  }),
  "wasi:random/insecure": ({ settings }) => ({
    getInsecureRandomBytes: (length: bigint) => bytesOf(settings, length),
    getInsecureRandomU64: () => u64Of(settings),
  }),
  "wasi:random/insecure-seed": ({ settings }) => ({
    insecureSeed: () => [u64Of(settings), u64Of(settings)],
  }),
};
