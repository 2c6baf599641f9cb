import { readFile } from "node:fs/promises";
import { buildComponent } from "@airssys/guest";

/** The exports of an actor. */
export const LIFECYCLE = "airssys:core-component/component-lifecycle@1.0.0";

/** A message of 100 bytes: a codec prefix, and a body that the guest does not look at. */
export const payload: Uint8Array = new Uint8Array(100).fill(0x20);
payload[0] = 0x55;

/** A message that makes the guest trap. */
export const trapPayload: Uint8Array = Uint8Array.of(0x55, 0x21);

/** Where the component is once it was built. */
export const counterFile: URL = new URL("../../guests/build/counter.wasm", import.meta.url);

/** The component that counts, built when its source has changed. */
export async function counterGuest(): Promise<Uint8Array> {
  const { output } = await buildComponent({
    language: "wat",
    source: new URL("../../guests/counter.wat", import.meta.url),
    wit: new URL("../../../wit/", import.meta.url),
    world: "actor",
    output: counterFile,
  });
  return readFile(output);
}

/** The count in the guest's answer to somebody who waited for it. */
export function countIn(answer: unknown): number {
  if (!(answer instanceof Uint8Array) || answer.length !== 5) throw new Error("the guest answered without a count");
  return new DataView(answer.buffer, answer.byteOffset).getUint32(1, true);
}
