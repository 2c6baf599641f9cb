import { readdirSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { missingFromEngine } from "../../src/wasi/wasi.ts";
import { decodeComponent } from "../../src/wit/component-decoder.ts";

const interfaces = join(
  dirname(findPackageJSON("@bytecodealliance/jco", import.meta.url) ?? ""),
  "lib/wit/builtin/0.2.12",
);

/** All packages of WASI in one text, each nested under its name. */
function everything(): string {
  return readdirSync(interfaces)
    .map((folder) => readFileSync(join(interfaces, folder, "package.wit"), "utf8"))
    .map((text) => `${text.replace(/^package ([^;]+);/m, "package $1 {")}\n}`)
    .join("\n");
}

describe("the engine's preview 2", () => {
  it("has every function that the newest release of its interfaces has", async () => {
    const witSource = `package test:everything;
      world guest { include wasi:cli/imports@0.2.12; include wasi:http/imports@0.2.12; }
      ${everything()}`;
    const core = await componentEmbed({ dummy: true, witSource, world: "guest" });
    const { world } = decodeComponent(await componentNew(core, []));
    const names = world.imports.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["wasi:filesystem/types@0.2.12", "wasi:http/types@0.2.12"]));
    const missing = world.imports.flatMap(({ name, functions }) =>
      missingFromEngine(
        name,
        functions.map((fn) => fn.name),
      ).map((fn) => `${name}#${fn}`),
    );
    expect(missing).toEqual([]);
    expect(world.imports.flatMap(({ functions }) => functions).length).toBeGreaterThan(150);
  });
});
