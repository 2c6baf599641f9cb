import { describe, expect, it } from "vitest";
import { localImports } from "../src/local-imports.ts";

describe("the local imports of a module", () => {
  it("are the relative paths of its imports and re-exports, in order", () => {
    const module = [
      'import "./first.ts";',
      "import a, { b } from '../second.ts'; import * as c from \"./third.ts\"",
      'import {\n  d,\n  e,\n} from "./fourth.ts";',
      'export { f } from "./fifth.ts";',
      'export * from "./sixth.ts";',
    ].join("\n");
    const names = ["./first.ts", "../second.ts", "./third.ts", "./fourth.ts", "./fifth.ts", "./sixth.ts"];
    expect(localImports(module)).toEqual(names);
  });

  it("leave out what the host or a package provides", () => {
    expect(localImports('import m from "airssys:core-host/messaging@1.0.0";\nimport p from "left-pad";')).toEqual([]);
  });

  it("are not found in ordinary strings", () => {
    expect(localImports('const from = "./nothing.ts";\nexport const text = "./none.ts";')).toEqual([]);
  });
});
