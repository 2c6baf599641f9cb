import { describe, expect, it } from "vitest";
import { type HostImports, HostFunctionError, type RunningInstance } from "../../src/index.ts";
import { LEVELS, launcher, rejectionOf } from "./levels.ts";

const bug = new Error("a bug of the host");

/** A type of resource of the host that keeps count of what becomes of each. */
function counters() {
  const disposed = new Map<Counter, number>();
  class Counter {
    readonly total: number;
    constructor(total: number) {
      this.total = total;
      disposed.set(this, 0);
    }
    addSome(): number {
      throw bug;
    }
    show(): number {
      return this.total;
    }
    [Symbol.dispose](): void {
      disposed.set(this, (disposed.get(this) ?? 0) + 1);
    }
  }
  const imports: HostImports = { "test:host/counters@1.0.0": { Counter } };
  return { Counter, imports, times: (): readonly number[] => [...disposed.values()] };
}

/** Longer than anything but an endless call takes on a busy machine. */
const limits = { deadlineMs: 1000 };

/** The ways in which an instance that holds resources of the host comes to its end. */
const ENDS: readonly (readonly [how: string, (instance: RunningInstance) => PromiseLike<unknown>, code?: string])[] = [
  ["a trap", (instance) => instance.call("crash"), "ENGINE_COMPONENT_TRAP"],
  ["an exception of the host", (instance) => instance.call("add"), "ENGINE_HOST_FUNCTION"],
  ["its deadline", (instance) => instance.call("spin"), "ENGINE_DEADLINE_EXCEEDED"],
  [
    "being given up",
    (instance) => instance.call("spin", [], { signal: AbortSignal.timeout(5) }),
    "ENGINE_CALL_ABORTED",
  ],
  ["being disposed", (instance) => instance[Symbol.asyncDispose]()],
  [
    "being disposed while it is called",
    async (instance) => {
      const call = rejectionOf(instance.call("spin"));
      await instance[Symbol.asyncDispose]();
      throw await call;
    },
    "ENGINE_INSTANCE_DEAD",
  ],
];

for (const isolation of LEVELS) {
  const { launch } = launcher(isolation);

  describe(`a resource of the host that a guest still holds at its end, with isolation ${isolation}`, () => {
    for (const [how, end, code] of ENDS) {
      it(`is disposed of once: ${how}`, async () => {
        const { imports, times } = counters();
        const instance = await launch("hoarder", { imports, limits });
        await instance.call("hoard", [3]);
        expect(times()).toEqual([0, 0, 0]);
        expect(Reflect.get(Object(await rejectionOf(end(instance))), "code")).toBe(code);
        expect(instance.isAlive).toBe(false);
        expect(times()).toEqual([1, 1, 1]);
        await instance[Symbol.asyncDispose]();
        expect(times()).toEqual([1, 1, 1]);
      });
    }

    it("is disposed of the last first", async () => {
      const order: number[] = [];
      class Counter {
        readonly start: number;
        constructor(start: number) {
          this.start = start;
        }
        addSome(): number {
          return 0;
        }
        [Symbol.dispose](): void {
          order.push(this.start);
        }
      }
      const instance = await launch("hoarder", { imports: { "test:host/counters@1.0.0": { Counter } } });
      await instance.call("hoard", [3]);
      await rejectionOf(instance.call("crash"));
      expect(order).toEqual([1, 2, 3]);
    });

    it("changes nothing of why the instance ended when it fails to be disposed of, and that is told besides", async () => {
      class Counter {
        addSome(): number {
          return 0;
        }
        [Symbol.dispose](): void {
          throw bug;
        }
      }
      const failing = { imports: { "test:host/counters@1.0.0": { Counter } } };
      const failure = { code: "ENGINE_HOST_FUNCTION", function: "Counter[Symbol.dispose]", cause: bug };
      const dying = await launch("hoarder", failing);
      await dying.call("hoard", [2]);
      expect(await rejectionOf(dying.call("crash"))).toMatchObject({
        code: "ENGINE_COMPONENT_TRAP",
        suppressed: [failure, failure],
      });
      const disposed = await launch("hoarder", failing);
      await disposed.call("hoard", [2]);
      const error = await rejectionOf(disposed[Symbol.asyncDispose]());
      expect(error).toBeInstanceOf(HostFunctionError);
      expect(error).toMatchObject({ ...failure, suppressed: [failure] });
    });
  });

  describe(`a resource that the host gives too late, with isolation ${isolation}`, () => {
    for (const call of ["take", "try-to-take"]) {
      it(`is disposed of, for nobody owns it: ${call}`, async () => {
        const { Counter, times } = counters();
        const { promise, resolve } = Promise.withResolvers<InstanceType<typeof Counter>>();
        const makers = { Thing: Counter, make: () => promise, tryToMake: () => promise };
        const instance = await launch("latecomer", { imports: { "test:host/makers@1.0.0": makers }, limits });
        expect(await rejectionOf(instance.call(call))).toMatchObject({ code: "ENGINE_DEADLINE_EXCEEDED" });
        const late = new Counter(1);
        expect(times()).toEqual([0]);
        resolve(late);
        await promise;
        await new Promise((settled) => setImmediate(settled));
        expect(times()).toEqual([1]);
      });
    }
  });

  describe(`a resource that the host gives to a guest without room for it, with isolation ${isolation}`, () => {
    for (const lists of [0, 1]) {
      it(`is disposed of once, and so are those that arrived before it: ${lists}`, async () => {
        const { Counter, times } = counters();
        const makeSome = () => [
          [new Counter(1), new Counter(2)],
          [new Counter(3), new Counter(4)],
        ];
        const imports = { "test:host/makers@1.0.0": { Thing: Counter, makeSome } };
        const instance = await launch("refuses-memory", { imports });
        expect(await rejectionOf(instance.call("take", [lists]))).toMatchObject({ code: "ENGINE_COMPONENT_TRAP" });
        expect(times()).toEqual([1, 1, 1, 1]);
      });
    }
  });

  describe(`a resource of a guest that is dead, with isolation ${isolation}`, () => {
    const THING = "test:guest/things#[constructor]thing";
    const TAKE_TWO = "test:guest/things#take-two";

    it("is of no more use, and disposing of it changes nothing", async () => {
      const instance = await launch("takes-two", { limits });
      const made = await instance.call(THING, [1]);
      const thing: unknown = Reflect.get(Object(made), "value");
      const dropped = await instance.call(THING, [666]);
      const fatal: Disposable = Object(Reflect.get(Object(dropped), "value"));
      // Its destructor never ends.
      await rejectionOf(
        (async () => {
          fatal[Symbol.dispose]();
          await instance.call("test:guest/things#dropped");
        })(),
      );
      expect(instance.isAlive).toBe(false);
      expect(await rejectionOf(instance.call(TAKE_TWO, [thing, thing]))).toMatchObject({
        code: "ENGINE_INSTANCE_DEAD",
        cause: { code: "ENGINE_DEADLINE_EXCEEDED" },
      });
      const disposable: Disposable = Object(thing);
      expect(() => disposable[Symbol.dispose]()).not.toThrow();
    });
  });
}
