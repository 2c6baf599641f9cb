import { buildComponent } from "@airssys/guest";

const guests = new URL("guests/", import.meta.url);
const sources = [
  { name: "saga", language: "typescript" },
  { name: "till", language: "assemblyscript" },
  { name: "stock", language: "typescript" },
] as const;

/** Builds the three components, unless they are up to date. */
export async function build(): Promise<void> {
  for (const { name, language } of sources) {
    await buildComponent({
      language,
      source: new URL(`${name}/${name}.ts`, guests),
      output: new URL(`${name}/build/${name}.wasm`, guests),
      wit: new URL("../../wit/", import.meta.url),
      world: "stateful-actor",
    });
  }
}
