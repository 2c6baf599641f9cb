import { drawPipeline, parsePipeline } from "@airssys/wasm";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

describe("the drawing in the README", () => {
  it("is what the pipeline draws of itself", () => {
    const drawing = /^```mermaid\n([\s\S]*?)^```/m.exec(read("../README.md"))?.[1];
    expect(drawing).toBe(drawPipeline(parsePipeline(read("../pipeline.toml"))));
  });
});
