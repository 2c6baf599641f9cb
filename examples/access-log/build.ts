// Builds the three guests, each in its own language; what is up to date stays as it is.
import { buildComponent, type BuiltComponent, type GuestLanguage } from "@airssys/guest";

const guests: readonly { readonly name: string; readonly language: GuestLanguage; readonly source: string }[] = [
  { name: "parser", language: "wat", source: "parser.wat" },
  { name: "classify", language: "typescript", source: "classify.ts" },
  { name: "aggregate", language: "assemblyscript", source: "aggregate.ts" },
];

const wit = new URL("../../wit/", import.meta.url);

/** Builds each guest into `guests/<name>/build/<name>.wasm`, where its Component.toml expects it. */
export async function buildGuests(): Promise<readonly BuiltComponent[]> {
  return Promise.all(
    guests.map(({ name, language, source }) => {
      const folder = new URL(`guests/${name}/`, import.meta.url);
      const output = new URL(`build/${name}.wasm`, folder);
      return buildComponent({ language, source: new URL(source, folder), wit, world: "actor", output });
    }),
  );
}
