import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  BadArgumentError,
  BadOptionError,
  CallAbortedError,
  ComponentTrapError,
  DeadlineExceededError,
  type HostImports,
  hostCallSignal,
  HostFunctionError,
  type Instance,
  InstanceDeadError,
  NoHostCallError,
  type PreparedComponent,
  ReentrantCallError,
  type RunningInstance,
  UnknownExportError,
} from "../../src/index.ts";
import { preparer, rejectionOf, thrownBy } from "../fixtures.ts";
import { turn, VirtualTime } from "../virtual-time.ts";

const time = new VirtualTime();
const prepare = preparer({ clock: time.clock, timers: time.timers });

const MODES = [
  ["that yields", true],
  ["that does not yield", false],
] as const;

/** What the component `host` imports; each does next to nothing. */
function hostApi(api: object, beat: () => unknown = () => 1): HostImports {
  return { "test:host/api@1.0.0": { plain: (x: number) => x, tryIt: (x: number) => x, ...api }, "": { beat } };
}

async function hosted(api: object, options: { yields?: boolean; deadlineMs?: number } = {}): Promise<RunningInstance> {
  const component = await prepare("host");
  const { yields = true, deadlineMs = 1_000 } = options;
  return component.launch({ isolation: "shared", yields, imports: hostApi(api), limits: { deadlineMs } });
}

describe.each(MODES)("an instance on the thread of its callers, %s", (_, yields) => {
  it("answers like one whose calls are synchronous", async () => {
    await using instance = await (await prepare("basic")).launch({ isolation: "shared", yields });
    expect(instance).toMatchObject({ isolation: "shared", isAlive: true, digest: (await prepare("basic")).digest });
    expect(await instance.call("add", [40, 2])).toEqual({ ok: true, value: 42 });
    expect(await instance.call("test:basic/tools@1.2.0#half", [0])).toEqual({ ok: false, error: 404 });
    expect(await instance.call("test:basic/tools@1.2.0#half", [8])).toEqual({ ok: true, value: 4 });
    expect(instance.lastCall.fuel).toBeGreaterThan(0);
  });

  it("refuses what it cannot be asked, and lives on", async () => {
    await using instance = await (await prepare("basic")).launch({ isolation: "shared", yields });
    expect(await rejectionOf(instance.call("subtract", [1, 2]))).toBeInstanceOf(UnknownExportError);
    expect(await rejectionOf(instance.call("add", [1, "2"]))).toBeInstanceOf(BadArgumentError);
    const signal = AbortSignal.abort("enough");
    expect(await rejectionOf(instance.call("add", [1, 2], { signal }))).toMatchObject({
      code: "ENGINE_CALL_ABORTED",
      message: "add was aborted before it began",
      cause: "enough",
    });
    expect(await instance.call("add", [1, 2])).toEqual({ ok: true, value: 3 });
  });

  it("is dead after a trap, and says so", async () => {
    const instance = await (await prepare("traps")).launch({ isolation: "shared", yields });
    const trap = await rejectionOf(instance.call("unreachable"));
    expect(trap).toBeInstanceOf(ComponentTrapError);
    expect(instance.isAlive).toBe(false);
    const refusal = await rejectionOf(instance.call("fine"));
    expect(refusal).toBeInstanceOf(InstanceDeadError);
    expect(refusal).toMatchObject({ cause: trap });
  });

  it("is dead when it is disposed of", async () => {
    const instance = await (await prepare("basic")).launch({ isolation: "shared", yields });
    await instance[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
    expect(instance.isAlive).toBe(false);
    expect(await rejectionOf(instance.call("add", [1, 2]))).toMatchObject({
      code: "ENGINE_INSTANCE_DEAD",
      message: expect.stringMatching(/was disposed/),
    });
  });

  it("is entered once at a time: a call from inside one of its own host calls is refused and does no harm", async () => {
    const refusals: Promise<unknown>[] = [];
    const instance: RunningInstance = await hosted(
      { plain: (x: number) => (refusals.push(rejectionOf(instance.call("call-beat"))), x) },
      { yields },
    );
    expect(await instance.call("call-plain", [3])).toEqual({ ok: true, value: 3 });
    expect(await refusals[0]).toBeInstanceOf(ReentrantCallError);
    expect(await instance.call("call-beat")).toEqual({ ok: true, value: 1 });
  });

  it("may ask the host while it starts, and gets what is there at once", async () => {
    const component = await prepare("start-asks");
    const instance = await component.launch({ isolation: "shared", yields, imports: { "": { ask: () => 7 } } });
    expect(await instance.call("told")).toEqual({ ok: true, value: 7 });
    const waiting = component.launch({ isolation: "shared", yields, imports: { "": { ask: async () => 7 } } });
    expect(await rejectionOf(waiting)).toMatchObject({ code: "ENGINE_HOST_FUNCTION", function: "ask" });
  });

  it("can be aborted by the function of the host that it calls", async () => {
    const giveUp = new AbortController();
    let calls = 0;
    const tick = (): void => {
      calls += 1;
      if (calls === 3) giveUp.abort("enough");
    };
    const component = await prepare("hostile");
    const instance = await component.launch({ isolation: "shared", yields, imports: { "": { tick } } });
    const call = instance.call("spin-on-host", [], { signal: giveUp.signal });
    expect(await rejectionOf(call)).toMatchObject({ code: "ENGINE_CALL_ABORTED", cause: "enough" });
    expect(calls).toBe(3);
    expect(instance.isAlive).toBe(false);
  });

  it("ends its call when it is disposed of by the function of the host that it calls", async () => {
    const ticks: PromiseLike<void>[] = [];
    const component = await prepare("hostile");
    const instance: RunningInstance = await component.launch({
      isolation: "shared",
      yields,
      imports: { "": { tick: () => void ticks.push(instance[Symbol.asyncDispose]()) } },
    });
    expect(await rejectionOf(instance.call("spin-on-host"))).toBeInstanceOf(InstanceDeadError);
    await ticks[0];
    expect(ticks.length).toBe(1);
  });

  it("keeps no hold on the signals of calls that are over", async () => {
    const instance = await (await prepare("basic")).launch({ isolation: "shared", yields });
    const giveUp = new AbortController();
    await instance.call("add", [1, 2], { signal: giveUp.signal });
    giveUp.abort();
    expect(await instance.call("add", [1, 2])).toEqual({ ok: true, value: 3 });
  });
});

describe("an instance that does not yield", () => {
  it("takes a promise of a function of the host for a wrong value", async () => {
    const instance = await hosted({ plain: async (x: number) => x }, { yields: false });
    expect(await rejectionOf(instance.call("call-plain", [1]))).toMatchObject({
      code: "ENGINE_HOST_FUNCTION",
      message: expect.stringMatching(/#plain returned a promise where the guest cannot wait for it/),
    });
  });
});

describe("isolation", () => {
  it("is refused by name when there is no such", async () => {
    const component: PreparedComponent = await prepare("basic");
    const isolation: "shared" = JSON.parse('"moon"');
    expect(await rejectionOf(component.launch({ isolation }))).toBeInstanceOf(BadOptionError);
  });
});

describe("a promise of a function of the host", () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => void process.on("unhandledRejection", note));
  afterEach(async () => {
    await turn();
    process.off("unhandledRejection", note);
    assert.deepEqual(unhandled.splice(0), []);
  });

  it("is waited for, and the guest gets what becomes of it", async () => {
    const instance = await hosted({
      plain: async (x: number) => {
        await turn();
        return x * 2;
      },
      tryIt: async (x: number) => {
        await turn();
        if (x === 0) throw 5;
        return x + 1;
      },
    });
    expect(await instance.call("call-plain", [4])).toEqual({ ok: true, value: 8 });
    expect(await instance.call("call-try", [4])).toEqual({ ok: true, value: 5 });
    expect(await instance.call("call-try", [0])).toEqual({ ok: true, value: 1005 });
    expect(await instance.call("swallow", [3])).toEqual({ ok: true, value: 6 });
  });

  const failures: readonly (readonly [string, string, object])[] = [
    ["where no error is foreseen", "call-plain", { plain: () => Promise.reject(new TypeError("boom")) }],
    ["where a WIT error is foreseen", "call-try", { tryIt: () => Promise.reject(new TypeError("boom")) }],
    ["and the guest catches all it can", "swallow", { plain: () => Promise.reject(new TypeError("boom")) }],
    ["after a while", "call-plain", { plain: () => turn().then(() => Promise.reject(new TypeError("boom"))) }],
  ];
  for (const [how, name, api] of failures) {
    it(`kills the instance at once when it is rejected with an Error ${how}`, async () => {
      const instance = await hosted(api);
      const error = await rejectionOf(instance.call(name, [1]));
      expect(error).toBeInstanceOf(HostFunctionError);
      expect(error).toMatchObject({ cause: expect.objectContaining({ message: "boom" }) });
      expect(instance.isAlive).toBe(false);
    });
  }

  it("kills the instance when it is rejected with a plain value where no error is foreseen", async () => {
    const instance = await hosted({ plain: () => Promise.reject("no") });
    expect(await rejectionOf(instance.call("call-plain", [1]))).toMatchObject({
      code: "ENGINE_HOST_FUNCTION",
      cause: "no",
    });
  });

  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ["call-plain", { plain: async () => "seven" }, /#plain returned a wrong value: expected u32 .*, found "seven"/],
    ["swallow", { plain: async () => "seven" }, /#plain returned a wrong value: expected u32 .*, found "seven"/],
    ["call-try", { tryIt: async () => -1 }, /#try-it returned a wrong value: expected u32 .*, found -1/],
    ["call-try", { tryIt: () => Promise.reject("x") }, /#try-it threw a wrong error: expected u32 .*, found "x"/],
  ];
  for (const [name, api, message] of wrong) {
    it(`is blamed by name for a value that is not of its type: ${message.source}`, async () => {
      const instance = await hosted(api);
      expect(await rejectionOf(instance.call(name, [1]))).toMatchObject({
        code: "ENGINE_HOST_FUNCTION",
        message: expect.stringMatching(message),
      });
    });
  }

  it("does not keep others from being called; the instance itself is entered once at a time", async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const instance = await hosted({ plain: () => promise });
    const other = await hosted({});
    const call = instance.call("call-plain", [1]);
    expect(await rejectionOf(instance.call("call-beat"))).toBeInstanceOf(ReentrantCallError);
    expect(await other.call("call-beat")).toEqual({ ok: true, value: 1 });
    resolve(9);
    expect(await call).toEqual({ ok: true, value: 9 });
    expect(await instance.call("call-beat")).toEqual({ ok: true, value: 1 });
  });

  it("ends with the deadline of the call: the call is over at once, and what becomes of it later changes nothing", async () => {
    for (const outcome of [1, new Error("late")]) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      let signal: AbortSignal | undefined;
      const instance = await hosted({ plain: () => ((signal = hostCallSignal()), promise) }, { deadlineMs: 500 });
      const call = instance.call("call-plain", [1]);
      time.pass(499);
      await turn();
      expect([signal?.aborted, instance.isAlive]).toEqual([false, true]);
      time.pass(1);
      expect([signal?.aborted, instance.isAlive]).toEqual([true, false]);
      const error = await rejectionOf(call);
      expect(error).toBeInstanceOf(DeadlineExceededError);
      expect(error).toMatchObject({ elapsedMs: 500, deadlineMs: 500, waitedFor: "test:host/api@1.0.0#plain" });
      expect(signal?.reason).toBe(error);
      if (typeof outcome === "number") resolve(outcome);
      else reject(outcome);
      await turn();
      expect(instance.lastCall).toMatchObject({ unfinishedHostCalls: 1, wallMs: 500, idleMs: 500 });
    }
  });

  it("counts against the deadline with all others of the call, and leaves no timer behind", async () => {
    const before = time.alarms;
    const instance = await hosted(
      {
        plain: async (x: number) => {
          time.pass(100);
          return x;
        },
      },
      { deadlineMs: 250 },
    );
    for (let call = 0; call < 5; call += 1) {
      expect((await instance.call("call-plain", [call])).ok).toBe(true);
      expect(instance.lastCall.wallMs).toBe(100);
    }
    expect(time.alarms).toBe(before);
  });

  it("ends when the caller gives up, and the instance with it", async () => {
    let signal: AbortSignal | undefined;
    const instance = await hosted({ plain: () => ((signal = hostCallSignal()), new Promise(() => undefined)) });
    const giveUp = new AbortController();
    const call = instance.call("call-plain", [1], { signal: giveUp.signal });
    await turn();
    giveUp.abort("enough");
    const error = await rejectionOf(call);
    expect(error).toBeInstanceOf(CallAbortedError);
    expect(error).toMatchObject({ cause: "enough", message: "call-plain was aborted while it was under way" });
    expect(signal?.reason).toBe(error);
    expect(await rejectionOf(instance.call("call-beat"))).toMatchObject({ cause: error });
  });

  it("ends when the instance is disposed of", async () => {
    let signal: AbortSignal | undefined;
    const instance = await hosted({ plain: () => ((signal = hostCallSignal()), new Promise(() => undefined)) });
    const call = rejectionOf(instance.call("call-plain", [1]));
    await turn();
    await instance[Symbol.asyncDispose]();
    expect(await call).toMatchObject({ code: "ENGINE_INSTANCE_DEAD" });
    expect(signal?.aborted).toBe(true);
    expect(instance.lastCall.unfinishedHostCalls).toBe(1);
  });

  it("leaves turns to others, even if there are only such as are settled already", async () => {
    let ticks = 0;
    const giveUp = new AbortController();
    const tick = async (): Promise<void> => {
      ticks += 1;
      if (ticks === 1_000) giveUp.abort();
    };
    const component = await prepare("hostile");
    const instance = await component.launch({ isolation: "shared", imports: { "": { tick } } });
    const before = time.turns;
    await rejectionOf(instance.call("spin-on-host", [], { signal: giveUp.signal }));
    expect(time.turns - before).toBe(Math.floor(1_000 / 64));
  });
});

describe("the signal of a call", () => {
  it("can be asked for while a function of the host is entered, and at no other time", async () => {
    const asked: unknown[] = [];
    const plain = async (x: number): Promise<number> => {
      asked.push(hostCallSignal());
      await turn();
      asked.push(thrownBy(hostCallSignal));
      return x;
    };
    const instance = await hosted({ plain });
    await instance.call("call-plain", [1]);
    expect(asked).toEqual([expect.any(AbortSignal), expect.any(NoHostCallError)]);
    expect(thrownBy(hostCallSignal)).toBeInstanceOf(NoHostCallError);
  });

  it("is that of the call that asks, also where one instance calls another", async () => {
    const signals: AbortSignal[] = [];
    const inner: Instance = (await prepare("host")).instantiate({
      imports: hostApi({ plain: (x: number) => (signals.push(hostCallSignal()), x) }),
    });
    const outer = await hosted({
      plain: (x: number) => {
        signals.push(hostCallSignal());
        inner.call("call-plain", [x]);
        signals.push(hostCallSignal());
        return x;
      },
    });
    await outer.call("call-plain", [1]);
    const [first, second, third] = signals;
    expect(third).toBe(first);
    expect(second).not.toBe(first);
  });

  it("fires for what an earlier call left at work in no later one", async () => {
    const signals: AbortSignal[] = [];
    const instance = await hosted({ plain: (x: number) => (signals.push(hostCallSignal()), x) });
    await instance.call("call-plain", [1]);
    await instance.call("call-plain", [2]);
    const [first, second] = signals;
    expect(second).not.toBe(first);
    await instance[Symbol.asyncDispose]();
    expect(first?.aborted).toBe(false);
  });
});
