import { describe, expect, it } from "vitest";
import { ComponentTrapError, type TrapKind } from "../src/index.ts";
import { preparer, thrownBy } from "./fixtures.ts";

const prepare = preparer();

const KINDS: Readonly<Record<string, TrapKind>> = {
  unreachable: "unreachable",
  "out-of-bounds": "out-of-bounds",
  "table-out-of-bounds": "indirect-call",
  "wrong-type": "indirect-call",
  "null-entry": "indirect-call",
  divide: "division",
  remainder: "division",
  overflow: "division",
  convert: "conversion",
  throw: "exception",
  outside: "invalid-value",
  "test:traps/colours#bad-case": "invalid-value",
};

describe("a trap", () => {
  for (const [name, kind] of Object.entries(KINDS)) {
    it(`names its function and kind and kills the instance: ${name} is ${kind}`, async () => {
      const component = await prepare("traps");
      // The engine's own limit would come before V8's.
      const instance = component.instantiate({ limits: { stackDepth: 2 ** 31 - 1 } });
      const error = thrownBy(() => instance.call(name));
      expect(error).toBeInstanceOf(ComponentTrapError);
      expect(error).toMatchObject({ function: name, kind, cause: expect.anything() });
      expect(instance.isAlive).toBe(false);
      expect(component.instantiate().call("fine")).toEqual({ ok: true, value: undefined });
    });
  }

  it("in a start function is thrown by instantiating", async () => {
    const component = await prepare("start-trap");
    expect(thrownBy(() => component.instantiate())).toMatchObject({
      code: "ENGINE_COMPONENT_TRAP",
      kind: "unreachable",
      function: "instantiation",
    });
  });
});
