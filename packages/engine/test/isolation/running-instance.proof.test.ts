import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import {
  BadArgumentError,
  CallAbortedError,
  ComponentTrapError,
  EngineError,
  FuelExhaustedError,
  HostFunctionError,
  type HostImports,
  InstanceDeadError,
  ReentrantCallError,
  type RunningInstance,
  UnknownExportError,
  UnknownImportError,
} from "../../src/index.ts";
import { launcher, LEVELS, rejectionOf } from "./levels.ts";

const GET = "test:guest/things#[method]thing.get-it";
const ECHO = "test:basic/tools@1.2.0#echo-bytes";

function hostApi(api: object = {}): HostImports {
  return {
    "test:host/api@1.0.0": { plain: (x: number) => x, tryIt: (x: number) => x, ...api },
    "": { beat: () => 9, tick: () => undefined },
  };
}

const bug = new RangeError("boom");

function boom(): never {
  throw bug;
}

function nextOrFive(x: number): number {
  if (x === 0) throw 5;
  return x + 1;
}

function refuse(): never {
  throw "no";
}

/** A thing that the guest made. */
async function make(instance: RunningInstance): Promise<object> {
  return Object(Reflect.get(await instance.call("test:guest/things#[constructor]thing", [7]), "value"));
}

for (const isolation of LEVELS) {
  const { prepare, launch } = launcher(isolation);

  describe(`an instance launched with isolation ${isolation}`, () => {
    it("says what it is and where it runs", async () => {
      const instance = await launch("basic");
      expect(instance).toMatchObject({ isolation, isAlive: true, digest: (await prepare("basic")).digest });
    });

    it("answers with values, with the error of a result, and lives on", async () => {
      const instance = await launch("basic");
      expect(await instance.call("add", [40, 2])).toEqual({ ok: true, value: 42 });
      expect(await instance.call(ECHO, [Uint8Array.of(1, 2, 3)])).toEqual({ ok: true, value: Uint8Array.of(1, 2, 3) });
      expect(await instance.call("test:basic/tools@1.2.0#half", [0])).toEqual({ ok: false, error: 404 });
      expect(await instance.call("count-up")).toEqual({ ok: true, value: 1 });
      expect(await instance.call("count-up")).toEqual({ ok: true, value: 2 });
    });

    it("shares nothing with another", async () => {
      const [first, second] = [await launch("basic"), await launch("basic")];
      await first.call("count-up");
      expect(await second.call("count-up")).toEqual({ ok: true, value: 1 });
    });

    it("refuses what it does not export, and arguments that do not fit, and lives on", async () => {
      const instance = await launch("basic");
      expect(await rejectionOf(instance.call("subtract", [1, 2]))).toBeInstanceOf(UnknownExportError);
      const wrong = await rejectionOf(instance.call("add", [1, "2"]));
      expect(wrong).toBeInstanceOf(BadArgumentError);
      expect(wrong).toMatchObject({ function: "add", message: expect.stringMatching(/argument b: expected u32.*"2"/) });
      expect(await rejectionOf(instance.call("add", [1]))).toBeInstanceOf(BadArgumentError);
      expect(await instance.call("add", [1, 2])).toEqual({ ok: true, value: 3 });
    });

    it("dies of a trap and gives it as the cause of every refusal", async () => {
      const instance = await launch("traps");
      const trap = await rejectionOf(instance.call("unreachable"));
      expect(trap).toBeInstanceOf(ComponentTrapError);
      expect(trap).toMatchObject({ kind: "unreachable", function: "unreachable", cause: { name: "RuntimeError" } });
      expect(instance.isAlive).toBe(false);
      const refused = await rejectionOf(instance.call("fine"));
      expect(refused).toBeInstanceOf(InstanceDeadError);
      expect(refused).toMatchObject({ cause: trap });
    });

    it("is dead when it was disposed, any number of times", async () => {
      const instance = await launch("basic");
      await instance[Symbol.asyncDispose]();
      await instance[Symbol.asyncDispose]();
      expect(instance.isAlive).toBe(false);
      expect(await rejectionOf(instance.call("add", [1, 2]))).toMatchObject({
        code: "ENGINE_INSTANCE_DEAD",
        message: expect.stringMatching(/was disposed/),
      });
    });

    it("is not begun when its caller has given up already, and lives on", async () => {
      const instance = await launch("basic");
      const reason = new Error("no more need");
      const refused = await rejectionOf(instance.call("add", [1, 2], { signal: AbortSignal.abort(reason) }));
      expect(refused).toBeInstanceOf(CallAbortedError);
      expect(refused).toMatchObject({ cause: reason });
      expect(instance.isAlive).toBe(true);
    });
  });

  describe(`launching with isolation ${isolation}`, () => {
    it("names all that nobody provides", async () => {
      const error = await rejectionOf(launch("host", { imports: { "test:host/api@1.0.0": { plain: () => 1 } } }));
      expect(error).toBeInstanceOf(UnknownImportError);
      expect(error).toMatchObject({ imports: ["test:host/api@1.0.0#try-it", "beat"] });
    });

    it("refuses limits that are none, and more memory than there may be", async () => {
      expect(await rejectionOf(launch("basic", { limits: { fuelPerCall: -1 } }))).toMatchObject({
        code: "ENGINE_BAD_OPTION",
        option: "limits.fuelPerCall",
      });
      expect(await rejectionOf(launch("memory", { limits: { memoryBytes: 65_536 } }))).toMatchObject({
        code: "ENGINE_MEMORY_LIMIT",
        bytes: 2 * 65_536,
        limitBytes: 65_536,
      });
    });

    it("fails with a start function that traps, and with one that never ends", async () => {
      expect(await rejectionOf(launch("start-trap"))).toMatchObject({ code: "ENGINE_COMPONENT_TRAP" });
      expect(await rejectionOf(launch("start-spin", { limits: { deadlineMs: 5 } }))).toMatchObject({
        code: "ENGINE_DEADLINE_EXCEEDED",
        function: "instantiation",
        deadlineMs: 5,
      });
      expect(await rejectionOf(launch("start-spin", { limits: { fuelPerCall: 1_000 } }))).toMatchObject({
        code: "ENGINE_FUEL_EXHAUSTED",
        fuelPerCall: 1_000,
      });
    });
  });

  describe(`the limits of an instance with isolation ${isolation}`, () => {
    it("take fuel for what the guest does, and tell how much", async () => {
      const instance = await launch("hostile", { imports: hostApi() });
      await instance.call("count", [0]);
      const none = instance.lastCall.fuel;
      await instance.call("count", [1_000]);
      // Each round: local.get, i32.eqz, br_if; local.get, i32.const, i32.sub, local.set; br.
      expect(instance.lastCall.fuel).toBe(none + 8_000);
      expect(instance.lastCall.peakMemoryBytes).toBe(2 ** 20);
    });

    it("tell what launching used before the first call", async () => {
      expect((await launch("hostile", { imports: hostApi() })).lastCall).toMatchObject({
        fuel: 0,
        peakMemoryBytes: 2 ** 20,
      });
    });

    const exceeded: readonly (readonly [string, object, string, readonly unknown[], object])[] = [
      ["fuel", { fuelPerCall: 12_345 }, "spin", [], { code: "ENGINE_FUEL_EXHAUSTED", fuelPerCall: 12_345 }],
      ["time", { deadlineMs: 5 }, "spin", [], { code: "ENGINE_DEADLINE_EXCEEDED", deadlineMs: 5 }],
      ["time in the host", { deadlineMs: 5 }, "spin-on-host", [], { code: "ENGINE_DEADLINE_EXCEEDED", deadlineMs: 5 }],
      ["stack", {}, "mutual", [], { code: "ENGINE_STACK_DEPTH", depth: 65_544, stackDepth: 65_536 }],
      ["stack, caught", { fuelPerCall: 10_000_000 }, "swallow", [], { code: "ENGINE_STACK_DEPTH" }],
      ["tables", { tableElements: 5_002 }, "table-bomb", [], { code: "ENGINE_TABLE_LIMIT", elements: 5_002 }],
    ];
    for (const [what, limits, name, args, error] of exceeded) {
      it(`end it where it exceeds them: ${what}`, async () => {
        const instance = await launch("hostile", { limits, imports: hostApi() });
        const thrown = await rejectionOf(instance.call(name, args));
        expect(thrown).toBeInstanceOf(EngineError);
        expect(thrown).toMatchObject(error);
        expect(Reflect.get(Object(thrown), "name")).toBe(Object(thrown).constructor.name);
        expect(instance.isAlive).toBe(false);
      });
    }

    it("end it where it exceeds them: memory", async () => {
      const instance = await launch("memory", { limits: { memoryBytes: 10 * 65_536 } });
      expect(await rejectionOf(instance.call("bomb"))).toMatchObject({
        code: "ENGINE_MEMORY_LIMIT",
        limitBytes: 10 * 65_536,
        cause: { code: "ENGINE_COMPONENT_TRAP" },
      });
      expect(instance.lastCall.peakMemoryBytes).toBe(8 * 65_536);
    });

    it("end it where it exceeds them: handles", async () => {
      const instance = await launch("pollables", { limits: { handles: 100 } });
      expect(await rejectionOf(instance.call("hold", [101]))).toMatchObject({
        code: "ENGINE_HANDLE_LIMIT",
        handles: 100,
      });
    });

    it("tell what a call used that exceeded them", async () => {
      const instance = await launch("hostile", { limits: { fuelPerCall: 100_000 }, imports: hostApi() });
      const thrown = await rejectionOf(instance.call("spin"));
      expect(thrown).toBeInstanceOf(FuelExhaustedError);
      expect(instance.lastCall.fuel).toBe(Reflect.get(Object(thrown), "fuel"));
      expect(instance.lastCall.wallMs).toBeGreaterThan(0);
    });
  });

  describe(`a function of the host, called with isolation ${isolation}`, () => {
    it("gives the guest what it returns, and its WIT error by throwing a plain value", async () => {
      const instance = await launch("host", {
        imports: hostApi({ plain: (x: number) => x * 2, "try-it": nextOrFive }),
      });
      expect(await instance.call("call-plain", [4])).toEqual({ ok: true, value: 8 });
      expect(await instance.call("call-beat")).toEqual({ ok: true, value: 9 });
      expect(await instance.call("call-try", [4])).toEqual({ ok: true, value: 5 });
      expect(await instance.call("call-try", [0])).toEqual({ ok: true, value: 1_005 });
    });

    for (const [how, name, api] of [
      ["where no error is foreseen", "call-plain", { plain: boom }],
      ["where a WIT error is foreseen", "call-try", { tryIt: boom }],
      ["that the guest catches", "swallow", { plain: boom }],
    ] as const) {
      it(`kills the instance with an Error ${how}, and that is what the caller gets as the cause`, async () => {
        const instance = await launch("host", { imports: hostApi(api) });
        const thrown = await rejectionOf(instance.call(name, [1]));
        expect(thrown).toBeInstanceOf(HostFunctionError);
        expect(Reflect.get(Object(thrown), "cause")).toBe(bug);
        expect(Reflect.get(Object(thrown), "function")).toMatch(/^test:host\/api@1\.0\.0#/);
        expect(instance.isAlive).toBe(false);
      });
    }

    it("is blamed by name for a plain value that it throws where no error is foreseen", async () => {
      const instance = await launch("host", { imports: hostApi({ plain: refuse }) });
      expect(await rejectionOf(instance.call("call-plain", [1]))).toMatchObject({
        code: "ENGINE_HOST_FUNCTION",
        cause: "no",
      });
    });

    for (const value of ["seven", -1, undefined, 2 ** 32]) {
      it(`is blamed by name for a value that is not of its type: ${String(value)}`, async () => {
        const instance = await launch("host", { imports: hostApi({ plain: () => value }) });
        expect(await rejectionOf(instance.call("call-plain", [1]))).toMatchObject({
          code: "ENGINE_HOST_FUNCTION",
          function: "test:host/api@1.0.0#plain",
          message: expect.stringMatching(/returned a wrong value: expected u32/),
        });
      });
    }

    it("cannot call the instance that is calling it, nor can anyone else meanwhile", async () => {
      const refusals: Promise<unknown>[] = [];
      const plain = (x: number): number => {
        refusals.push(rejectionOf(instance.call("call-beat")));
        return x;
      };
      const instance: RunningInstance = await launch("host", { imports: hostApi({ plain }) });
      expect(await instance.call("call-plain", [3])).toEqual({ ok: true, value: 3 });
      expect(await refusals[0]).toBeInstanceOf(ReentrantCallError);
      expect(await instance.call("call-beat")).toEqual({ ok: true, value: 9 });
    });

    it("runs in the context of whoever called the guest", async () => {
      const context = new AsyncLocalStorage<string>();
      const seen: unknown[] = [];
      const instance = await launch("host", {
        imports: hostApi({ plain: (x: number) => (seen.push(context.getStore()), x) }),
      });
      await context.run("the caller", () => instance.call("call-plain", [1]));
      await instance.call("call-plain", [1]);
      expect(seen).toEqual(["the caller", undefined]);
    });

    it("finds its object, by the names of WIT or in camelCase", async () => {
      class Api {
        #factor = 3;
        plain(x: number): number {
          return x * this.#factor;
        }
        tryIt(x: number): number {
          return x;
        }
      }
      const instance = await launch("host", { imports: { ...hostApi(), "test:host/api@1.0.0": new Api() } });
      expect(await instance.call("call-plain", [2])).toEqual({ ok: true, value: 6 });
    });
  });

  describe(`a resource of the guest, with isolation ${isolation}`, () => {
    it("is made, used and handed back by the WIT names of its functions", async () => {
      const instance = await launch("exported-resource");
      const thing = await make(instance);
      expect(await instance.call(GET, [thing])).toEqual({ ok: true, value: 7 });
      const made = await instance.call("test:guest/things#[static]thing.make", [8]);
      expect(await instance.call(GET, [Reflect.get(made, "value")])).toEqual({ ok: true, value: 8 });
    });

    it("is refused, and nobody the worse, when it is another object, of another instance, or was dropped", async () => {
      const [instance, other] = [await launch("exported-resource"), await launch("exported-resource")];
      const dropped = await make(instance);
      const drop: () => void = Reflect.get(dropped, Symbol.dispose);
      drop.call(dropped);
      for (const wrong of [{}, 7, await make(other), dropped, Object.create(await make(instance))]) {
        expect(await rejectionOf(instance.call(GET, [wrong]))).toBeInstanceOf(BadArgumentError);
      }
      expect(await instance.call(GET, [await make(instance)])).toEqual({ ok: true, value: 7 });
    });

    it("is refused as an argument of any function unless it is a live one of the instance, and given away once", async () => {
      const TAKE_TWO = "test:guest/things#take-two";
      const [instance, other] = [await launch("takes-two"), await launch("takes-two")];
      const [mine, second, foreign, dropped] = [
        await make(instance),
        await make(instance),
        await make(other),
        await make(instance),
      ];
      const drop: () => void = Reflect.get(dropped, Symbol.dispose);
      drop.call(dropped);
      for (const wrong of [foreign, dropped, mine, {}]) {
        expect(await rejectionOf(instance.call(TAKE_TWO, [mine, wrong]))).toBeInstanceOf(BadArgumentError);
      }
      expect(await instance.call(TAKE_TWO, [mine, second])).toEqual({ ok: true, value: 14 });
      expect(await rejectionOf(instance.call(TAKE_TWO, [mine, second]))).toBeInstanceOf(BadArgumentError);
      expect(await other.call(TAKE_TWO, [foreign, await make(other)])).toEqual({ ok: true, value: 14 });
    });

    it("makes room for another when it is dropped", async () => {
      const instance = await launch("exported-resource", { limits: { handles: 2 } });
      const [first] = [await make(instance), await make(instance)];
      const drop: () => void = Reflect.get(Object(first), Symbol.dispose);
      drop.call(first);
      await make(instance);
      expect(await rejectionOf(make(instance))).toMatchObject({ code: "ENGINE_HANDLE_LIMIT", handles: 2 });
    });
  });

  describe(`a resource of the host, with isolation ${isolation}`, () => {
    class Counter {
      static disposed: number[] = [];
      total: number;
      constructor(start: number) {
        this.total = start;
      }
      addSome(amount: number): number {
        return (this.total += amount);
      }
      [Symbol.dispose](): void {
        Counter.disposed.push(this.total);
      }
    }
    const imports = { "test:host/counters@1.0.0": { Counter } };

    it("is made, used and dropped by the guest", async () => {
      Counter.disposed = [];
      const instance = await launch("resources", { imports });
      expect(await instance.call("use", [1, 10])).toEqual({ ok: true, value: 21 });
      expect(Counter.disposed).toEqual([21]);
    });

    it("is lent for the time of a call", async () => {
      const instance = await launch("borrower", { imports });
      const counter = new Counter(5);
      expect(await instance.call("add-to", [counter, 3])).toEqual({ ok: true, value: 8 });
      expect(await instance.call("add-to", [counter, 3])).toEqual({ ok: true, value: 11 });
      expect(counter.total).toBe(11);
    });

    it("kills the instance with an Error of one of its methods", async () => {
      class Broken extends Counter {
        override addSome(): number {
          return boom();
        }
      }
      const instance = await launch("resources", { imports: { "test:host/counters@1.0.0": { Counter: Broken } } });
      const thrown = await rejectionOf(instance.call("use", [1, 10]));
      expect(thrown).toBeInstanceOf(HostFunctionError);
      expect(Reflect.get(Object(thrown), "cause")).toBe(bug);
    });
  });

  describe(`WASI, with isolation ${isolation}`, () => {
    it("hands each write of the guest to the host before the guest goes on", async () => {
      const written: Uint8Array[] = [];
      const instance = await launch("speaker", { wasi: { stdout: (bytes) => void written.push(bytes) } });
      await instance.call("say", [3]);
      expect(Buffer.concat(written).toString()).toBe("hellohellohello");
      written[0]?.fill(0);
      await instance.call("say", [1]);
      expect(Buffer.concat(written.slice(1)).toString()).toBe("hellohellohello");
    });

    it("is silent where the host does not listen", async () => {
      expect(await (await launch("speaker")).call("say", [3])).toEqual({ ok: true, value: undefined });
    });

    it("kills the guest with an Error of whoever takes its output, and that is the cause", async () => {
      let writes = 0;
      const stdout = (): void => {
        writes += 1;
        boom();
      };
      const instance = await launch("speaker", { wasi: { stdout } });
      const thrown = await rejectionOf(instance.call("say", [3]));
      expect(thrown).toBeInstanceOf(HostFunctionError);
      expect(thrown).toMatchObject({ function: "stdout" });
      expect(Reflect.get(Object(thrown), "cause")).toBe(bug);
      expect(writes).toBe(1);
    });

    it("gives the time and random bytes of its host, and has the guest end with its status", async () => {
      const clock = { now: () => 0, monotonic: () => 42n };
      const instance = await launch("wasi", { wasi: { clock, random: (length) => new Uint8Array(length).fill(1) } });
      expect(await instance.call("now")).toEqual({ ok: true, value: 42n });
      expect(await instance.call("random-u64")).toEqual({ ok: true, value: 0x0101010101010101n });
      expect(await rejectionOf(instance.call("exit", [true]))).toMatchObject({ code: "ENGINE_EXIT", status: 1 });
    });
  });
}

describe("the fuel of a call", () => {
  it("is the same on either level", async () => {
    const [shared, worker] = [launcher("shared"), launcher("worker")];
    const amounts = new Set<number>();
    for (const { launch } of [shared, worker]) {
      const instance = await launch("hostile", { imports: hostApi() });
      for (const [name, size] of [
        ["count", 12_345],
        ["nest", 50],
        ["fill", 999],
      ] as const) {
        await instance.call(name, [size]);
        amounts.add(instance.lastCall.fuel);
      }
    }
    expect(amounts.size).toBe(3);
  });
});
