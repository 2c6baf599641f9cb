import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { providedByEngine, UnknownImportError } from "../src/index.ts";
import { freshEngine, preparer, thrownBy } from "./fixtures.ts";

const prepare = preparer();

describe("imports", () => {
  it("that nobody provides are all named, and nothing is instantiated", async () => {
    const component = await prepare("host");
    const error = thrownBy(() => component.instantiate());
    expect(error).toBeInstanceOf(UnknownImportError);
    expect(error).toMatchObject({ imports: ["test:host/api@1.0.0#plain", "test:host/api@1.0.0#try-it", "beat"] });
  });

  it("are matched by the full name, version included", async () => {
    const component = await prepare("host");
    const api = { plain: () => 1, tryIt: () => 1 };
    const error = thrownBy(() =>
      component.instantiate({ imports: { "test:host/api@1.1.0": api, "test:host/api": api, "": { beat: () => 1 } } }),
    );
    expect(error).toMatchObject({ imports: ["test:host/api@1.0.0#plain", "test:host/api@1.0.0#try-it"] });
  });

  it("are never taken from what every object has", async () => {
    const component = await prepare("inherited-names");
    const error = thrownBy(() => component.instantiate({ imports: { "test:host/odd": {} } }));
    expect(error).toMatchObject({
      imports: ["test:host/odd#to-string", "test:host/odd#constructor", "test:host/odd#value-of"],
    });
    const odd = { "to-string": () => 1, constructor: () => 2, valueOf: () => 3 };
    expect(component.instantiate({ imports: { "test:host/odd": odd } }).call("sum")).toEqual({ ok: true, value: 6 });
  });

  it("list what a component will ask for before it is instantiated", async () => {
    expect((await prepare("host")).imports).toEqual([
      { name: "test:host/api@1.0.0", functions: ["plain", "try-it"] },
      { name: "", functions: ["beat"] },
    ]);
  });
});

describe("a resource of the host", () => {
  let disposed = 0;
  class Counter {
    #value: number;
    constructor(start: number) {
      this.#value = start;
    }
    addSome(amount: number): number {
      if (amount > 100) throw new RangeError("too much");
      this.#value += amount;
      return this.#value;
    }
    [Symbol.dispose](): void {
      disposed += 1;
    }
  }

  it("is a class under its WIT name or its own, and is disposed when the guest drops it", async () => {
    const component = await prepare("resources");
    for (const members of [{ counter: Counter }, { Counter }]) {
      disposed = 0;
      const instance = component.instantiate({ imports: { "test:host/counters@1.0.0": members } });
      expect(instance.call("use", [10, 5])).toEqual({ ok: true, value: 20 });
      expect(disposed).toBe(1);
    }
  });

  it("kills the instance when one of its methods throws an Error", async () => {
    const instance = (await prepare("resources")).instantiate({ imports: { "test:host/counters@1.0.0": { Counter } } });
    const error = thrownBy(() => instance.call("use", [1, 1000]));
    expect(error).toMatchObject({ code: "ENGINE_HOST_FUNCTION", cause: expect.any(RangeError) });
    expect(instance.isAlive).toBe(false);
  });

  it("is missed by name", async () => {
    const component = await prepare("resources");
    const error = thrownBy(() => component.instantiate({ imports: { "test:host/counters@1.0.0": {} } }));
    expect(error).toMatchObject({ imports: ["test:host/counters@1.0.0#counter"] });
  });
});

describe("the engine itself", () => {
  it("provides WASI 0.2, in any 0.2 release", () => {
    for (const name of [
      "wasi:sockets/tcp@0.2.0",
      "wasi:http/types@0.2.0",
      "wasi:cli/stdout@0.2.0",
      "wasi:io/streams@0.2.12",
      "wasi:clocks/wall-clock@0.2.3",
      "wasi:filesystem/preopens@0.2.6",
    ]) {
      expect(providedByEngine(name)).toBe(true);
    }
    for (const name of [
      "wasi:http/incoming-handler@0.2.0",
      "wasi:keyvalue/store@0.2.0",
      "wasi:cli/stdout@0.3.0",
      "wasi:cli/stdout",
      "test:host/api@1.0.0",
      "",
    ]) {
      expect(providedByEngine(name)).toBe(false);
    }
  });

  it("tells beforehand which functions of an interface it has, as it does when a component is instantiated", async () => {
    const streams = ["[method]output-stream.check-write", "[method]input-stream.read"];
    expect(providedByEngine("wasi:io/streams@0.2.0", streams)).toBe(true);
    expect(providedByEngine("wasi:filesystem/types@0.2.0", ["[method]descriptor.read", "filesystem-error-code"])).toBe(
      true,
    );
    const unknown: readonly (readonly [string, string])[] = [
      ["wasi:io/streams@0.2.0", "[method]output-stream.write-backwards"],
      ["wasi:io/streams@0.2.0", "[method]output-stream.constructor"],
      ["wasi:io/streams@0.2.0", "[method]duplex-stream.read"],
      ["wasi:cli/environment@0.2.0", "set-environment"],
      ["wasi:cli/environment@0.2.0", "to-string"],
    ];
    const engine = freshEngine();
    for (const [name, fn] of unknown) {
      expect(providedByEngine(name, [fn])).toBe(false);
      const component = await engine.prepare(await parse(`(component ${importing(name, fn)})`));
      expect(thrownBy(() => component.instantiate())).toMatchObject({ imports: [`${name}#${fn}`] });
    }
  });
});

/** The import of one function, and of the resource it belongs to. */
function importing(name: string, fn: string): string {
  const [, resource] = /^\[method\](.*)\./.exec(fn) ?? [];
  const exports =
    resource === undefined
      ? `(export "${fn}" (func))`
      : `(export "${resource}" (type $r (sub resource))) (export "${fn}" (func (param "self" (borrow $r))))`;
  return `(import "${name}" (instance ${exports}))`;
}
