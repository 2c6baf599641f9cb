import { buildComponent } from "@airssys/guest";

const [wit, world] = [new URL("../../wit/", import.meta.url), "stateful-actor"];

/** Builds all three, unless they are up to date. */
export async function build(guests: URL): Promise<void> {
  await buildComponent({
    language: "assemblyscript",
    source: new URL("counter/counter.ts", guests),
    output: new URL("counter/build/counter.wasm", guests),
    wit,
    world,
  });
  await buildComponent({
    language: "typescript",
    source: new URL("next/counter.ts", guests),
    output: new URL("next/build/counter.wasm", guests),
    wit,
    world,
  });
  await buildComponent({
    language: "typescript",
    source: new URL("stored/counter.ts", guests),
    output: new URL("stored/build/counter.wasm", guests),
    wit,
    world: "actor",
  });
}
