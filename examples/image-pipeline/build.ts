import { buildComponent, type GuestLanguage } from "@airssys/guest";

const languages: readonly (readonly [name: string, language: GuestLanguage])[] = [
  ["decode", "assemblyscript"],
  ["gray", "assemblyscript"],
  ["thumbnail", "assemblyscript"],
  ["encode", "typescript"],
];

/** Builds the guests where their manifests expect them, unless they are up to date, and tells where the manifests are. */
export async function buildGuests(guests: URL): Promise<readonly URL[]> {
  const wit = new URL("../../wit/", import.meta.url);
  const built = languages.map(async ([name, language]) => {
    const folder = new URL(`${name}/`, guests);
    const [source, output] = [new URL(`${name}.ts`, folder), new URL(`build/${name}.wasm`, folder)];
    await buildComponent({ language, source, wit, world: "actor", output });
    return new URL("Component.toml", folder);
  });
  return Promise.all(built);
}
