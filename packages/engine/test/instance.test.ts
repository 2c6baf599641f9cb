import { describe, expect, it } from "vitest";
import {
  BadArgumentError,
  ComponentTrapError,
  HostFunctionError,
  type HostImports,
  type Instance,
  InstanceDeadError,
  ReentrantCallError,
  UnknownExportError,
} from "../src/index.ts";
import { preparer, thrownBy } from "./fixtures.ts";

const prepare = preparer();

const basic = async (): Promise<Instance> => (await prepare("basic")).instantiate();

describe("a call", () => {
  it("answers with the value of a function of the world or of an interface", async () => {
    const instance = await basic();
    expect(instance.call("add", [40, 2])).toEqual({ ok: true, value: 42 });
    expect(instance.call("test:basic/tools@1.2.0#echo-bytes", [Uint8Array.of(1, 2, 3)])).toEqual({
      ok: true,
      value: Uint8Array.of(1, 2, 3),
    });
  });

  it("answers with the WIT error of a result, and the instance lives on", async () => {
    const instance = await basic();
    expect(instance.call("test:basic/tools@1.2.0#half", [0])).toEqual({ ok: false, error: 404 });
    expect(instance.isAlive).toBe(true);
    expect(instance.call("test:basic/tools@1.2.0#half", [8])).toEqual({ ok: true, value: 4 });
  });

  it("refuses a function that is not exported, and the instance lives on", async () => {
    const instance = await basic();
    expect(thrownBy(() => instance.call("subtract", [1, 2]))).toBeInstanceOf(UnknownExportError);
    expect(instance.exported("subtract")).toBeUndefined();
    expect(instance.exported("toString")).toBeUndefined();
    expect(instance.isAlive).toBe(true);
  });

  const badArguments: readonly (readonly [string, string, readonly unknown[], RegExp])[] = [
    ["too few", "add", [1], /expected 2 arguments, found 1/],
    ["too many", "add", [1, 2, 3], /expected 2 arguments, found 3/],
    ["of another type", "add", [1, "2"], /argument b: expected u32 .* found "2"/],
    ["out of range", "add", [1, -1], /argument b: expected u32/],
    ["text for bytes", "test:basic/tools@1.2.0#echo-bytes", ["abc"], /argument data: expected Uint8Array, found "abc"/],
    [
      "an impostor for bytes",
      "test:basic/tools@1.2.0#echo-bytes",
      [{ byteLength: 2 ** 31 }],
      /expected Uint8Array, found an object/,
    ],
    ["other numbers for bytes", "test:basic/tools@1.2.0#echo-bytes", [[1, 256]], /argument data: \[1\] expected u8/],
  ];
  for (const [how, name, args, message] of badArguments) {
    it(`refuses arguments that do not fit (${how}) without entering the guest`, async () => {
      const instance = await basic();
      const error = thrownBy(() => instance.call(name, args));
      expect(error).toBeInstanceOf(BadArgumentError);
      expect(error).toMatchObject({ message: expect.stringMatching(message), function: name });
      expect(instance.call("add", [1, 2])).toEqual({ ok: true, value: 3 });
    });
  }
});

describe("an exported function", () => {
  it("is called like `call`, without its name", async () => {
    const instance = await basic();
    const add = instance.exported("add");
    expect(add?.([1, 2])).toEqual({ ok: true, value: 3 });
    expect(instance.exported("add")).toBe(add);
  });

  it("is dead with its instance", async () => {
    const instance = (await prepare("traps")).instantiate();
    const fine = instance.exported("fine");
    expect(() => instance.call("unreachable")).toThrow(ComponentTrapError);
    expect(() => fine?.([])).toThrow(InstanceDeadError);
  });
});

describe("a resource of the guest", () => {
  it("is made, used and handed back by the WIT names of its functions", async () => {
    const instance = (await prepare("exported-resource")).instantiate();
    for (const maker of ["[constructor]thing", "[static]thing.make"]) {
      const made = instance.call(`test:guest/things#${maker}`, [7]);
      expect(made.ok).toBe(true);
      const thing = made.ok ? made.value : undefined;
      expect(instance.call("test:guest/things#[method]thing.get-it", [thing])).toEqual({ ok: true, value: 7 });
    }
    expect(() => instance.call("test:guest/things#[method]thing.get-it", [7])).toThrow(BadArgumentError);
  });

  it("is refused, and nobody the worse, when it is another object, of another instance, or was dropped", async () => {
    const component = await prepare("exported-resource");
    const [instance, other] = [component.instantiate(), component.instantiate()];
    const dropped = madeBy(instance);
    const drop: () => void = Reflect.get(dropped, Symbol.dispose);
    drop.call(dropped);
    const get = (thing: object): unknown => instance.call("test:guest/things#[method]thing.get-it", [thing]);
    for (const wrong of [{}, madeBy(other), dropped, Object.create(madeBy(instance))]) {
      expect(thrownBy(() => get(wrong))).toMatchObject({ code: "ENGINE_BAD_ARGUMENT" });
      expect(instance.isAlive).toBe(true);
    }
    expect(get(madeBy(instance))).toEqual({ ok: true, value: 7 });
  });
});

describe("a dead instance", () => {
  it("refuses every call with its first failure as the cause", async () => {
    const instance = (await prepare("traps")).instantiate();
    const trap = thrownBy(() => instance.call("unreachable"));
    expect(instance.isAlive).toBe(false);
    expect(instance.memoryBytes).toBe(0);
    for (const name of ["fine", "divide"]) {
      const error = thrownBy(() => instance.call(name));
      expect(error).toBeInstanceOf(InstanceDeadError);
      expect(error).toMatchObject({ cause: trap });
    }
  });

  it("leaves its component able to make fresh ones, from scratch", async () => {
    const component = await prepare("basic");
    const first = component.instantiate();
    first.call("count-up");
    expect(first.call("count-up")).toEqual({ ok: true, value: 2 });
    first[Symbol.dispose]();
    expect(component.instantiate().call("count-up")).toEqual({ ok: true, value: 1 });
  });

  it("is what disposing leaves", async () => {
    const instance = await basic();
    instance[Symbol.dispose]();
    expect(instance.isAlive).toBe(false);
    expect(() => instance.call("add", [1, 2])).toThrow(/was disposed/);
  });
});

const hosted = async (api: object, beat: () => unknown = () => 1): Promise<Instance> => {
  const imports: HostImports = {
    "test:host/api@1.0.0": { plain: (x: number) => x, tryIt: (x: number) => x, ...api },
    "": { beat },
  };
  return (await prepare("host")).instantiate({ imports });
};

describe("a host function", () => {
  it("gives the guest what it returns", async () => {
    const instance = await hosted({ plain: (x: number) => x * 2, "try-it": (x: number) => x + 1 }, () => 9);
    expect(instance.call("call-plain", [4])).toEqual({ ok: true, value: 8 });
    expect(instance.call("call-try", [4])).toEqual({ ok: true, value: 5 });
    expect(instance.call("call-beat")).toEqual({ ok: true, value: 9 });
  });

  it("gives the guest a WIT error by throwing a plain value", async () => {
    const instance = await hosted({
      tryIt: () => {
        throw 5;
      },
    });
    expect(instance.call("call-try", [4])).toEqual({ ok: true, value: 1005 });
    expect(instance.isAlive).toBe(true);
  });

  const failures: readonly (readonly [string, string, object])[] = [
    ["throws an Error where no error is foreseen", "call-plain", { plain: boom }],
    ["throws an Error where a WIT error is foreseen", "call-try", { tryIt: boom }],
    ["throws an Error that looks like a WIT error", "call-try", { tryIt: boomWithPayload }],
    ["throws an Error that the guest catches", "swallow", { plain: boom }],
  ];
  for (const [how, name, api] of failures) {
    it(`kills the instance when it ${how}`, async () => {
      const instance = await hosted(api);
      const error = thrownBy(() => instance.call(name, [1]));
      expect(error).toBeInstanceOf(HostFunctionError);
      expect(error).toMatchObject({ cause: expect.objectContaining({ message: "boom" }) });
      expect(instance.isAlive).toBe(false);
    });
  }

  it("kills the instance when it throws a plain value where no error is foreseen", async () => {
    const instance = await hosted({
      plain: () => {
        throw "no";
      },
    });
    expect(thrownBy(() => instance.call("call-plain", [1]))).toMatchObject({
      code: "ENGINE_HOST_FUNCTION",
      cause: "no",
    });
  });

  const wrongValues: readonly (readonly [string, string, unknown])[] = [
    ["text", "call-plain", "seven"],
    ["a number out of range", "call-plain", -1],
    ["nothing", "call-plain", undefined],
    ["a promise", "call-plain", Promise.resolve(1)],
    ["text in a result", "call-try", "seven"],
  ];
  for (const [what, name, value] of wrongValues) {
    it(`is blamed by name for a value that is not of its type: ${what}`, async () => {
      const instance = await hosted({ plain: () => value, tryIt: () => value });
      const error = thrownBy(() => instance.call(name, [1]));
      expect(error).toBeInstanceOf(HostFunctionError);
      expect(error).toMatchObject({
        message: expect.stringMatching(/^host function test:host\/api@1\.0\.0#(plain|try-it) returned/),
      });
    });
  }

  it("cannot call the instance that is calling it", async () => {
    const refusals: unknown[] = [];
    const instance: Instance = await hosted({
      plain: (x: number) => {
        refusals.push(thrownBy(() => instance.call("call-beat")));
        return x;
      },
    });
    expect(instance.call("call-plain", [3])).toEqual({ ok: true, value: 3 });
    expect(refusals[0]).toBeInstanceOf(ReentrantCallError);
    expect(instance.isAlive).toBe(true);
  });

  it("may be a method and finds its object", async () => {
    class Api {
      #factor = 3;
      plain(x: number): number {
        return x * this.#factor;
      }
      tryIt(x: number): number {
        return x;
      }
    }
    const imports: HostImports = { "test:host/api@1.0.0": new Api(), "": { beat: () => 1 } };
    expect((await prepare("host")).instantiate({ imports }).call("call-plain", [2])).toEqual({ ok: true, value: 6 });
  });
});

function boom(): never {
  throw new RangeError("boom");
}

function boomWithPayload(): never {
  throw Object.assign(new Error("boom"), { payload: 7 });
}

function madeBy(instance: Instance): object {
  return Reflect.get(instance.call("test:guest/things#[constructor]thing", [7]), "value");
}
