import { fileURLToPath } from "node:url";
import { buildComponent, ToolchainMissingError, type GuestLanguage } from "@airssys/guest";
import { buildFolder } from "./guests.ts";

const templates = new URL("../../guest/templates/", import.meta.url);

/** Whether the machine has the compilers for a language. Any other trouble is for the tests to show. */
async function canBuild(language: GuestLanguage, source: string): Promise<boolean> {
  const output = fileURLToPath(new URL(`probe-${language}.wasm`, buildFolder));
  try {
    await buildComponent({ language, source: new URL(source, templates), output });
  } catch (error) {
    if (error instanceof ToolchainMissingError) return false;
  }
  return true;
}

export const buildable: Readonly<Record<"typescript" | "assemblyscript" | "c" | "rust", boolean>> = {
  typescript: true,
  assemblyscript: true,
  c: await canBuild("c", "c/greeter.c"),
  rust: await canBuild("rust", "rust/greeter.rs"),
};
