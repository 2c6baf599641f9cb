import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { componentWitMetadataForWorld } from "@bytecodealliance/jco-transpile/wasm-tools";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WitInvalidError, witSource } from "../src/index.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "airssys-wit-test-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("a WIT directory as one text", () => {
  it("is the root package followed by each dependency as a nested package", async () => {
    await write("world.wit", "package shop:root@1.0.0;\nworld till { import shop:money/counting@2.0.0; }\n");
    await write(
      "deps/money/money.wit",
      "/// Money.\npackage shop:money@2.0.0;\ninterface counting { count: func(); }\n",
    );
    const val = witSource(folder);
    expect(val).toContain("/// Money.\npackage shop:money@2.0.0 {");
    const { imports } = await componentWitMetadataForWorld({ tag: "source", val }, "till");
    expect(imports).toMatchObject([{ namespace: "shop", package: "money", interface: "counting" }]);
  });

  it("joins the files of a package, whichever of them declare it", async () => {
    await write("world.wit", "package shop:root;\nworld till { import shop:money/a; import shop:money/b; }\n");
    await write("deps/money/a.wit", "package shop:money;\ninterface a { f: func(); }\n");
    await write("deps/money/b.wit", "package shop:money;\ninterface b { g: func(); }\n");
    await write("deps/money/c.wit", "interface c { h: func(); }\n");
    const { imports } = await componentWitMetadataForWorld({ tag: "source", val: witSource(folder) }, "till");
    expect(imports.map((one) => one.interface)).toEqual(["a", "b"]);
  });

  it("may have no dependencies", async () => {
    await write("world.wit", "package shop:root;\nworld till {}\n");
    expect(witSource(folder)).toBe("package shop:root;\nworld till {}\n");
  });

  it("is refused without WIT files, and when a dependency declares no package", async () => {
    expect(() => witSource(folder)).toThrow(WitInvalidError);
    await write("world.wit", "package shop:root;\n");
    await write("deps/money/money.wit", "interface counting {}\n");
    expect(() => witSource(folder)).toThrow("deps/money declares no package");
  });
});

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}
