import { buildComponent } from "@airssys/guest";

const [wit, world] = [new URL("../../wit/", import.meta.url), "actor"];

/** Builds both guests, unless they are up to date. */
export async function build(guests: URL): Promise<void> {
  await buildComponent({
    language: "assemblyscript",
    source: new URL("moderator/moderator.ts", guests),
    output: new URL("moderator/build/moderator.wasm", guests),
    wit,
    world,
  });
  await buildComponent({
    language: "typescript",
    source: new URL("historian/historian.ts", guests),
    output: new URL("historian/build/historian.wasm", guests),
    wit,
    world,
  });
}
