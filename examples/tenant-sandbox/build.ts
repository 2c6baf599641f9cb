import { readFile } from "node:fs/promises";
import { buildComponent } from "@airssys/guest";

const guests = new URL("guests/", import.meta.url);

/** The code of a guest, which is built unless it is up to date. */
export async function build(name: string): Promise<Uint8Array> {
  const output = new URL(`build/${name}.wasm`, guests);
  const wit = new URL("../../wit/", import.meta.url);
  await buildComponent({
    language: "typescript",
    source: new URL(`${name}.ts`, guests),
    wit,
    world: "system-actor",
    output,
  });
  return readFile(output);
}
