import { execFile } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { testComponent, type ComponentBench } from "../src/testing/index.ts";
import { rawPayload } from "../src/index.ts";
import { buildable } from "./buildable.ts";
import { buildFolder } from "./guests.ts";
import { textOf } from "./stage.ts";

const templates = new URL("../../guest/templates/", import.meta.url);
const engine = { cacheDirectory: fileURLToPath(new URL("prepared/", buildFolder)) };

const named = (name: string): Uint8Array => rawPayload(new TextEncoder().encode(name));

describe.each(["typescript", "assemblyscript", "c", "rust"] as const)("the template in %s", (language) => {
  describe.skipIf(!buildable[language])("copied and built as it says", () => {
    const folder = new URL(`templates/${language}/`, buildFolder);

    beforeAll(async () => {
      await rm(folder, { recursive: true, force: true });
      await cp(new URL(`${language}/`, templates), folder, { recursive: true });
      await promisify(execFile)(process.execPath, ["build.ts"], { cwd: folder });
    });

    function greeter(absent: readonly string[] = []): Promise<ComponentBench> {
      return testComponent(new URL("Component.toml", folder), { engine, absent });
    }

    it("replies, keeps count, and tells the journal", async () => {
      await using bench = await greeter();
      expect(textOf(await bench.ask(named("Ada"), { from: "demo/front" }))).toBe("Hello, Ada! You are guest 1.");
      expect(textOf(await bench.ask(named("Zoë")))).toBe("Hello, Zoë! You are guest 2.");
      expect(bench.sent.map(({ to, payload }) => `${to} ${textOf(payload)}`)).toEqual([
        "demo/journal Ada",
        "demo/journal Zoë",
      ]);
      expect(bench.logs).toEqual([]);
    });

    it("says so in the log when there is no journal, and greets all the same", async () => {
      await using bench = await greeter(["demo/journal"]);
      expect(textOf(await bench.ask(named("Ada")))).toBe("Hello, Ada! You are guest 1.");
      expect(bench.logs).toMatchObject([{ level: "info", message: expect.stringContaining("not in the journal") }]);
    });

    it("refuses a message without a name, and takes raw bytes only", async () => {
      await using bench = await greeter();
      await expect(bench.ask(named(""))).rejects.toMatchObject({
        answer: { tag: "invalid-input", val: "nobody to greet" },
      });
      await expect(bench.ask(Uint8Array.of(0x51))).rejects.toMatchObject({ code: "WASM_PAYLOAD_INVALID" });
      expect(await bench.metadata()).toEqual({
        name: "greeter",
        version: "1.0.0",
        description: "Greets, and counts its guests",
        operations: [],
        codecs: Uint32Array.of(0x55),
      });
    });

    it("forgets its count in a fresh instance", async () => {
      await using bench = await greeter();
      await bench.ask(named("Ada"));
      await bench.restart();
      expect(textOf(await bench.ask(named("Ada")))).toBe("Hello, Ada! You are guest 1.");
    });
  });
});
