import { describe, expect, it } from "vitest";
import type { HostImports, LaunchOptions } from "../../src/index.ts";
import { countRounds, launcher, rejectionOf } from "./levels.ts";

const MEBIBYTE = 2 ** 20;

const { launch, engine } = launcher("worker");
const small = launcher("worker", { workers: { memoryBytes: 64 * MEBIBYTE, messageBytes: MEBIBYTE } });

const ticking = (tick: () => unknown = () => undefined): HostImports => ({ "": { tick } });
const told = (tell: (texts: readonly string[]) => void = () => undefined): HostImports => ({ "": { tell } });

/** How often the event loop went round until the promise was settled. */
async function roundsDuring(promise: Promise<unknown>): Promise<number> {
  const counting = countRounds();
  await rejectionOf(promise);
  counting.stop();
  return counting.rounds;
}

/** Far fewer than an event loop goes round in any of the times here, however busy the machine. */
const ALIVE = 10;

describe("a hostile guest on another thread leaves the host's thread alone", () => {
  const attacks: readonly (readonly [
    what: string,
    fixture: string,
    call: string | undefined,
    LaunchOptions,
    code: string,
  ])[] = [
    ["spins", "hostile", "spin", { limits: { deadlineMs: 100 }, imports: ticking() }, "ENGINE_DEADLINE_EXCEEDED"],
    ["spins while it starts", "start-spin", undefined, { limits: { deadlineMs: 100 } }, "ENGINE_DEADLINE_EXCEEDED"],
    [
      "throws and catches for ever",
      "hostile",
      "spin-on-exceptions",
      { limits: { deadlineMs: 100 }, imports: ticking() },
      "ENGINE_DEADLINE_EXCEEDED",
    ],
    [
      "fills its memory for ever",
      "hostile",
      "refill",
      { limits: { deadlineMs: 100 }, imports: ticking() },
      "ENGINE_DEADLINE_EXCEEDED",
    ],
    [
      "calls the host for ever",
      "hostile",
      "spin-on-host",
      { limits: { deadlineMs: 100 }, imports: ticking() },
      "ENGINE_DEADLINE_EXCEEDED",
    ],
    [
      "waits for the host for ever",
      "hostile",
      "spin-on-host",
      { limits: { deadlineMs: 100 }, imports: ticking(() => new Promise(() => undefined)) },
      "ENGINE_DEADLINE_EXCEEDED",
    ],
    ["recurses for ever", "hostile", "mutual", { imports: ticking() }, "ENGINE_STACK_DEPTH"],
    [
      "recurses deeper than V8 can",
      "hostile",
      "mutual",
      { limits: { stackDepth: 2 ** 31 - 1 }, imports: ticking() },
      "ENGINE_STACK_DEPTH",
    ],
    [
      "takes all the memory it can",
      "memory",
      "bomb",
      { limits: { memoryBytes: 16 * MEBIBYTE, deadlineMs: undefined } },
      "ENGINE_MEMORY_LIMIT",
    ],
  ];
  for (const [what, fixture, call, options, code] of attacks) {
    it(`when it ${what}`, async () => {
      const attack = launch(fixture, options).then(async (instance) => {
        if (call === undefined) return undefined;
        return instance.call(call);
      });
      const rounds = await roundsDuring(attack);
      expect(await rejectionOf(attack)).toMatchObject({ code });
      expect(rounds).toBeGreaterThan(ALIVE);
    });
  }

  it("when it floods the host with calls: other work has its turn between them", async () => {
    let calls = 0;
    let atLastRound = 0;
    let mostBetweenRounds = 0;
    const instance = await launch("hostile", { limits: { deadlineMs: 200 }, imports: ticking(() => (calls += 1)) });
    const attack = rejectionOf(instance.call("spin-on-host"));
    let next = setImmediate(function round() {
      mostBetweenRounds = Math.max(mostBetweenRounds, calls - atLastRound);
      atLastRound = calls;
      next = setImmediate(round);
    });
    await attack;
    clearImmediate(next);
    expect(calls).toBeGreaterThan(ALIVE);
    // Node handles at most this many messages of a port before it looks at anything else.
    expect(mostBetweenRounds).toBeLessThanOrEqual(1_000);
  });

  it("when one after the other does it, and the next guest is served as ever", async () => {
    for (let attack = 0; attack < 5; attack += 1) {
      const bad = await launch("hostile", { limits: { deadlineMs: 10 }, imports: ticking() });
      expect(await rejectionOf(bad.call("spin"))).toMatchObject({ code: "ENGINE_DEADLINE_EXCEEDED" });
      const good = await launch("basic");
      expect(await good.call("add", [1, 2])).toEqual({ ok: true, value: 3 });
      await good[Symbol.asyncDispose]();
    }
    expect(engine.workers.total).toBeLessThanOrEqual(4);
  });
});

/** So that what is tested is the bound of the thread, and not that of the instance, which is far smaller. */
const limits = { valueBytes: Number.MAX_SAFE_INTEGER };

describe("a value that is far larger than the memory it comes from", () => {
  it("is stopped before it fills the process: the same bytes over and over", async () => {
    const instance = await small.launch("giant", { limits, imports: told() });
    const error = await rejectionOf(instance.call("texts", [100_000, 2 * MEBIBYTE]));
    expect(error).toMatchObject({ code: "ENGINE_WORKER_MEMORY", function: "texts", limitBytes: 128 * MEBIBYTE });
    expect(Reflect.get(Object(error), "bytes")).toBeGreaterThan(128 * MEBIBYTE);
    expect(instance.isAlive).toBe(false);
  });

  it("is refused as an answer when receiving it would hold up the host", async () => {
    const fits = await small.launch("giant", { limits, imports: told() });
    expect(await fits.call("texts", [3, 5])).toEqual({ ok: true, value: ["\0\0\0\0\0", "\0\0\0\0\0", "\0\0\0\0\0"] });
    for (const [name, args] of [
      ["texts", [10, MEBIBYTE]],
      ["flags", [100_000]],
    ] as const) {
      const instance = await small.launch("giant", { limits, imports: told() });
      expect(await rejectionOf(instance.call(name, args))).toMatchObject({
        code: "ENGINE_VALUE_TOO_LARGE",
        function: name,
        limitBytes: MEBIBYTE,
      });
      expect(instance.isAlive).toBe(false);
    }
  });

  it("is refused as an argument of a host function, which is not called", async () => {
    let calls = 0;
    const instance = await small.launch("giant", { limits, imports: told(() => void (calls += 1)) });
    expect(await instance.call("tell-texts", [3, 5])).toMatchObject({ ok: true });
    expect(await rejectionOf(instance.call("tell-texts", [10, MEBIBYTE]))).toMatchObject({
      code: "ENGINE_VALUE_TOO_LARGE",
      function: "tell",
    });
    expect(calls).toBe(1);
  });

  it("may come often, as long as it does not pile up", async () => {
    let received = 0;
    const instance = await small.launch("giant", { imports: told((texts) => void (received += texts.length)) });
    for (let call = 0; call < 400; call += 1) await instance.call("tell-texts", [4, 100_000]);
    expect(received).toBe(1_600);
  });
});

const make = (held: number): readonly [string, readonly unknown[]] => ["test:guest/things#[constructor]thing", [held]];
const drop = (answer: unknown): void => {
  const resource = Object(Reflect.get(Object(answer), "value"));
  const dispose: () => void = Reflect.get(resource, Symbol.dispose);
  dispose.call(resource);
};

describe("the destructor of a resource on another thread", () => {
  it("runs before the next call, also when it is dropped during one", async () => {
    const instance = await launch("takes-two");
    const [first, second] = [await instance.call(...make(1)), await instance.call(...make(2))];
    drop(first);
    drop(first);
    expect(await instance.call("test:guest/things#dropped")).toEqual({ ok: true, value: 1 });
    const during = instance.call("test:guest/things#dropped");
    drop(second);
    expect(await during).toEqual({ ok: true, value: 1 });
    expect(await instance.call("test:guest/things#dropped")).toEqual({ ok: true, value: 2 });
  });

  it("is ended like any other code of the guest, and the instance with it", async () => {
    const instance = await launch("takes-two", { limits: { deadlineMs: 50 } });
    drop(await instance.call(...make(666)));
    expect(await rejectionOf(instance.call("test:guest/things#dropped"))).toMatchObject({
      code: "ENGINE_INSTANCE_DEAD",
    });
    expect(instance.isAlive).toBe(false);
  });
});
