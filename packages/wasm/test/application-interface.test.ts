import type { DecisionMade, ManifestInput } from "@airssys/security";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { buildComponent } from "@airssys/guest";
import { beforeAll, describe, expect, it } from "vitest";
import {
  call,
  ComponentHost,
  InterfaceInvalidError,
  type ApplicationFunction,
  type ApplicationInterface,
} from "../src/index.ts";
import { rejection, Stage } from "./stage.ts";

const WIT = `package acme:labels@1.0.0;
interface printer {
  print: func(text: string) -> result<u32, string>;
  count: func() -> u32;
}
world guest {
  import printer;
  export print: func(text: string) -> result<u32, string>;
  export count: func() -> u32;
}`;

const SOURCE = `import * as printer from "acme:labels/printer@1.0.0";
export function print(text) {
  try { return printer.print(text); } catch (error) { throw error.payload ?? String(error); }
}
export const count = () => printer.count();`;

let artifact: Uint8Array;

beforeAll(async () => {
  const folder = mkdtempSync(`${tmpdir()}/labels-`);
  writeFileSync(`${folder}/labels.wit`, WIT);
  writeFileSync(`${folder}/labels.ts`, SOURCE);
  const output = `${folder}/labels.wasm`;
  await buildComponent({ language: "typescript", source: `${folder}/labels.ts`, wit: folder, world: "guest", output });
  artifact = readFileSync(output);
  rmSync(folder, { recursive: true });
});

const labels: string[] = [];
const print: ApplicationFunction = {
  needs: "labels/print",
  waits: true,
  denied: "not any more",
  call: async ({ component }, text: string) => {
    if (text === "") throw "an empty label"; // oxlint-disable-line typescript/only-throw-error -- the error of the result
    return labels.push(`${component}: ${text}`);
  },
};
const printer: ApplicationInterface = {
  name: "acme:labels/printer@1.0.0",
  functions: { print, count: { needs: "labels/count", call: () => labels.length } },
};

const manifest = (functions: readonly string[]): ManifestInput => ({
  component: { namespace: "test", name: "labeller", version: "1.0.0", artifact: "labels.wasm" },
  resources: { memory: { maxBytes: 4_194_304 }, cpu: { maxFuel: 100_000_000, timeoutMs: 10_000 } },
  capabilities: { custom: { functions } },
});

async function started(functions: readonly string[], decisions: DecisionMade[] = []) {
  const access = { onDecision: (made: DecisionMade) => decisions.push(made) };
  const stage = new Stage({}, { interfaces: [printer], access });
  const component = await stage.host.install({ manifest: manifest(functions), artifact });
  return { component, ref: await stage.start(component) };
}

describe("an interface of the application", () => {
  it("is called with who calls, and answers with values, promises and the error of its result", async () => {
    labels.length = 0;
    const { ref } = await started(["labels/*"]);
    expect(await ref.ask(call("print", "jam"))).toBe(1);
    expect(await rejection(ref.ask(call("print", "")))).toMatchObject({
      code: "WASM_COMPONENT_REFUSED",
      answer: "an empty label",
    });
    expect([await ref.ask(call("count")), labels]).toEqual([1, ["test/labeller: jam"]]);
  });

  it("is not there for a component that does not ask for what each function needs", async () => {
    const error = await rejection(started(["labels/count"]));
    expect(error).toMatchObject({
      code: "WASM_INSTALL_REFUSED",
      refusals: [
        { subject: printer.name, reason: "Component.toml does not ask for labels/print in [capabilities.custom]" },
      ],
    });
  });

  it("is decided on each time, taken down, and taken back", async () => {
    const decisions: DecisionMade[] = [];
    const { component, ref } = await started(["labels/print", "labels/count"], decisions);
    await ref.ask(call("print", "jam"));
    component.grants.revoke({ kind: "custom", name: "labels/*" });
    expect(await rejection(ref.ask(call("print", "tea")))).toMatchObject({ answer: "not any more" });
    expect(decisions.filter(({ capability }) => capability.kind === "custom").map(({ decision }) => decision)).toEqual([
      "granted",
      "refused",
    ]);
    expect(await rejection(ref.ask(call("count")))).toMatchObject({
      cause: { code: "ENGINE_HOST_FUNCTION", cause: { message: expect.stringMatching(/may not call count/) } },
    });
  });

  it.each([
    ["acme", "labels/print"],
    ["airssys:core-host/clock@1.0.0", "labels/print"],
    ["wasi:cli/environment@0.2.0", "labels/print"],
    ["acme:labels/printer@1.0.0", "Labels"],
    ["acme:labels/printer@1.0.0", "labels/*"],
  ])("is none as %s that needs %s", (name, needs) => {
    const interfaces = [{ name, functions: { print: { ...print, needs } } }];
    const { system } = new Stage();
    expect(() => new ComponentHost(system, { interfaces })).toThrow(InterfaceInvalidError);
    expect(new InterfaceInvalidError(name, "no").code).toBe("WASM_INTERFACE_INVALID");
  });
});
