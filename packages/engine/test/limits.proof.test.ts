import { describe, expect, it } from "vitest";
import {
  BadOptionError,
  type Clock,
  ComponentTrapError,
  DeadlineExceededError,
  FuelExhaustedError,
  HandleLimitError,
  type Instance,
  type InstanceLimits,
  type PreparedComponent,
  StackDepthError,
  TableLimitError,
} from "../src/index.ts";
import { fixture, freshEngine, preparer, thrownBy } from "./fixtures.ts";

const prepare = preparer();

type Hostile = (limits: InstanceLimits, tick?: () => void) => Instance;

const hostileOf = (component: PreparedComponent): Hostile => {
  return (limits, tick = () => undefined) => component.instantiate({ limits, imports: { "": { tick } } });
};

const hostile = async (limits: InstanceLimits): Promise<Instance> => hostileOf(await prepare("hostile"))(limits);

const ENDLESS = ["spin", "spin-on-host", "spin-on-exceptions", "spin-on-tail-calls", "refill"];

/** A clock on which each look at it takes a millisecond. */
function tickingClock(): Clock {
  let milliseconds = 0;
  const tick = (): number => (milliseconds += 1);
  return { now: tick, monotonic: () => BigInt(tick()) * 1_000_000n };
}

/** Drops the resource that a call answered with. */
function dispose(answer: unknown): void {
  const resource: object = Reflect.get(Object(answer), "value");
  const drop: () => void = Reflect.get(resource, Symbol.dispose);
  drop.call(resource);
}

describe("the fuel of a call", () => {
  for (const name of ENDLESS) {
    it(`ends what would never end: ${name}`, async () => {
      const instance = await hostile({ fuelPerCall: 100_000, deadlineMs: undefined });
      const error = thrownBy(() => instance.call(name));
      expect(error).toBeInstanceOf(FuelExhaustedError);
      expect(error).toMatchObject({ function: name, fuelPerCall: 100_000, cause: expect.any(ComponentTrapError) });
      expect(instance.isAlive).toBe(false);
      expect(instance.lastCall.fuel).toBeGreaterThan(100_000);
    });
  }

  it("ends a start function, and what the host makes the guest run to hand it an argument", async () => {
    const starting = await prepare("start-spin");
    expect(thrownBy(() => starting.instantiate({ limits: { fuelPerCall: 1_000 } }))).toMatchObject({
      code: "ENGINE_FUEL_EXHAUSTED",
      function: "instantiation",
    });
    const instance = await hostile({ fuelPerCall: 1_000 });
    expect(thrownBy(() => instance.call("take", [Uint8Array.of(1)]))).toBeInstanceOf(FuelExhaustedError);
  });

  it("is what the operators of the guest cost, and can be read after each call", async () => {
    const instance = await hostile({});
    instance.call("count", [0]);
    const none = instance.lastCall.fuel;
    instance.call("count", [1]);
    // Each round: local.get, i32.eqz, br_if; local.get, i32.const, i32.sub, local.set; br.
    const round = instance.lastCall.fuel - none;
    expect(round).toBe(8);
    instance.call("count", [1_000]);
    expect(instance.lastCall.fuel).toBe(none + 1_000 * round);
  });

  it("is the same however it was handed out", async () => {
    const make = hostileOf(await prepare("hostile"));
    const amounts = new Set<number>();
    for (const limits of [{ deadlineMs: undefined }, { deadlineMs: 60_000 }, { fuelPerCall: 900_000_000 }]) {
      const instance = make(limits);
      instance.call("count", [1_000_000]);
      amounts.add(instance.lastCall.fuel);
    }
    expect(amounts.size).toBe(1);
  });

  it("is enough when it is exactly what a call takes, and not when it is one less", async () => {
    const measured = await hostile({});
    measured.call("count", [100]);
    const { fuel } = measured.lastCall;
    const enough = await hostile({ fuelPerCall: fuel });
    // Fresh for each call.
    for (let call = 0; call < 3; call += 1) expect(enough.call("count", [100]).ok).toBe(true);
    const short = await hostile({ fuelPerCall: fuel - 1 });
    expect(thrownBy(() => short.call("count", [100]))).toMatchObject({ fuel, fuelPerCall: fuel - 1 });
    expect(short.isAlive).toBe(false);
  });

  it("pays for bytes by their number before they are written", async () => {
    const instance = await hostile({});
    instance.call("fill", [0]);
    const none = instance.lastCall.fuel;
    instance.call("fill", [800_000]);
    expect(instance.lastCall.fuel - none).toBe(100_000);
    const short = await hostile({ fuelPerCall: 50_000 });
    expect(thrownBy(() => short.call("fill", [800_000]))).toBeInstanceOf(FuelExhaustedError);
  });

  it("runs out at the same place each time", async () => {
    const make = hostileOf(await prepare("hostile"));
    const ends = new Set<string>();
    for (let run = 0; run < 3; run += 1) {
      let ticks = 0;
      const instance = make({ fuelPerCall: 12_345 }, () => void (ticks += 1));
      thrownBy(() => instance.call("spin-on-host"));
      ends.add(`${ticks} ${instance.lastCall.fuel}`);
    }
    expect(ends.size).toBe(1);
  });
});

describe("the deadline of a call", () => {
  for (const name of ENDLESS) {
    it(`ends what would never end, and the host goes on: ${name}`, async () => {
      const instance = await hostile({ deadlineMs: 5 });
      const error = thrownBy(() => instance.call(name));
      expect(error).toBeInstanceOf(DeadlineExceededError);
      expect(error).toMatchObject({ function: name, deadlineMs: 5, cause: expect.any(ComponentTrapError) });
      expect(instance.isAlive).toBe(false);
      expect(instance.lastCall.wallMs).toBeGreaterThanOrEqual(5);
      expect(instance.lastCall.wallMs).toBeLessThan(1_000);
    });
  }

  it("is measured by the clock of the engine", async () => {
    const bytes = await fixture("hostile");
    const ends = new Set<string>();
    const prepared = [1, 2].map(() => freshEngine({ clock: tickingClock() }).prepare(bytes));
    for (const component of await Promise.all(prepared)) {
      const instance = component.instantiate({
        limits: { deadlineMs: 20 },
        imports: { "": { tick: () => undefined } },
      });
      expect(thrownBy(() => instance.call("spin"))).toMatchObject({ code: "ENGINE_DEADLINE_EXCEEDED", deadlineMs: 20 });
      ends.add(`${instance.lastCall.fuel} ${instance.lastCall.wallMs}`);
    }
    expect(ends.size).toBe(1);
  });

  it("includes what the host does for the guest", async () => {
    let milliseconds = 0;
    const clock = { now: () => milliseconds, monotonic: () => BigInt(milliseconds) * 1_000_000n };
    const component = await freshEngine({ clock }).prepare(await fixture("hostile"));
    const tick = (): void => {
      milliseconds += 100;
    };
    const instance = component.instantiate({ limits: { deadlineMs: 1_000 }, imports: { "": { tick } } });
    expect(thrownBy(() => instance.call("spin-on-host"))).toMatchObject({
      code: "ENGINE_DEADLINE_EXCEEDED",
      elapsedMs: 1_000,
    });
    expect(milliseconds).toBe(1_000);
  });

  it("begins anew with each call", async () => {
    const clock = tickingClock();
    const component = await freshEngine({ clock }).prepare(await fixture("hostile"));
    const instance = component.instantiate({ limits: { deadlineMs: 3 }, imports: { "": { tick: () => undefined } } });
    for (let call = 0; call < 20; call += 1) expect(instance.call("count", [1_000]).ok).toBe(true);
  });
});

describe("the stack of a call", () => {
  it("ends recursion in the same place each time", async () => {
    const make = hostileOf(await prepare("hostile"));
    const depths = new Set<number>();
    for (let run = 0; run < 2; run += 1) {
      const instance = make({});
      const error = thrownBy(() => instance.call("mutual"));
      expect(error).toBeInstanceOf(StackDepthError);
      expect(error).toMatchObject({ function: "mutual", stackDepth: 65_536, depth: 65_544 });
      depths.add(instance.lastCall.fuel);
    }
    expect(depths.size).toBe(1);
  });

  it("is as deep as its limit says: eight words a call, and one for each parameter and local", async () => {
    const instance = await hostile({ stackDepth: 9 * 100 });
    expect(instance.call("nest", [99])).toEqual({ ok: true, value: 99 });
    expect(instance.call("nest", [99])).toEqual({ ok: true, value: 99 });
    expect(thrownBy(() => instance.call("nest", [100]))).toMatchObject({ code: "ENGINE_STACK_DEPTH", depth: 909 });
  });

  it("is given back by calls that an exception leaves", async () => {
    const instance = await hostile({ stackDepth: 2_000 });
    expect(instance.call("unwind", [1_000]).ok).toBe(true);
    expect(instance.call("nest", [200])).toEqual({ ok: true, value: 200 });
  });

  it("cannot be outlived by catching everything", async () => {
    const instance = await hostile({ fuelPerCall: 10_000_000 });
    expect(thrownBy(() => instance.call("swallow"))).toBeInstanceOf(StackDepthError);
  });
});

describe("the tables of an instance", () => {
  it("never hold more than their limit together", async () => {
    const instance = await hostile({ tableElements: 100 });
    expect(instance.call("grow-table", [99])).toEqual({ ok: true, value: -1 });
    expect(instance.call("grow-table", [90])).toEqual({ ok: true, value: 0 });
    expect(instance.call("grow-bounded-table", [8]).ok).toBe(true);
    expect(instance.call("grow-table", [1])).toEqual({ ok: true, value: -1 });
    expect(instance.call("grow-table", [0])).toEqual({ ok: true, value: 90 });
  });

  it("are the reason of a trap after more was refused", async () => {
    const instance = await hostile({ tableElements: 5_002 });
    const error = thrownBy(() => instance.call("table-bomb"));
    expect(error).toBeInstanceOf(TableLimitError);
    expect(error).toMatchObject({ elements: 5_002, tableElements: 5_002, cause: expect.any(ComponentTrapError) });
  });

  it("are not the reason when a table reached the end that its own module set", async () => {
    const instance = await hostile({});
    expect(thrownBy(() => instance.call("grow-bounded-table", [9]))).toBeInstanceOf(ComponentTrapError);
  });

  it("are refused when a component starts with more", async () => {
    const component = await prepare("hostile");
    const options = { limits: { tableElements: 1 }, imports: { "": { tick: () => undefined } } };
    expect(thrownBy(() => component.instantiate(options))).toMatchObject({
      code: "ENGINE_TABLE_LIMIT",
      elements: 2,
      tableElements: 1,
    });
  });
});

describe("the handles of an instance", () => {
  it("to resources of the host are no more than their limit at once", async () => {
    const instance = (await prepare("pollables")).instantiate({ limits: { handles: 100 } });
    expect(instance.call("hold", [50]).ok).toBe(true);
    expect(instance.call("hold", [50]).ok).toBe(true);
    const error = thrownBy(() => instance.call("hold", [1]));
    expect(error).toBeInstanceOf(HandleLimitError);
    expect(error).toMatchObject({ handles: 100 });
    expect(instance.isAlive).toBe(false);
  });

  it("are bounded by default", async () => {
    const instance = (await prepare("pollables")).instantiate();
    expect(thrownBy(() => instance.call("hold", [1_000_000]))).toBeInstanceOf(HandleLimitError);
  });

  it("may be any number one after the other", async () => {
    const instance = (await prepare("pollables")).instantiate({ limits: { handles: 1 } });
    expect(instance.call("take-and-drop", [10_000]).ok).toBe(true);
  });

  it("cannot be outlived by catching everything, nor can the host be made to make more", async () => {
    let looks = 0;
    const clock = { now: () => 0, monotonic: () => BigInt((looks += 1)) };
    const options = { limits: { handles: 10 }, wasi: { clock } };
    const instance = (await prepare("pollables")).instantiate(options);
    expect(thrownBy(() => instance.call("hold-and-catch", [1_000]))).toBeInstanceOf(HandleLimitError);
    expect(instance.isAlive).toBe(false);
    // The eleventh was one too many, and nothing is asked of the host after it.
    expect(looks).toBe(11);
  });

  it("to its own resources are counted too: the host drops what it was given", async () => {
    const instance = (await prepare("exported-resource")).instantiate({ limits: { handles: 2 } });
    const make = (): unknown => instance.call("test:guest/things#[constructor]thing", [7]);
    const [first] = [make(), make()];
    dispose(first);
    make();
    expect(thrownBy(make)).toBeInstanceOf(HandleLimitError);
  });
});

describe("what a call used", () => {
  it("is that of instantiating before the first call", async () => {
    const instance = await hostile({});
    expect(instance.lastCall).toMatchObject({ fuel: 0, peakMemoryBytes: 2 ** 20 });
    expect(instance.lastCall.wallMs).toBeGreaterThan(0);
  });

  it("includes the memory it held, also after it died", async () => {
    const instance = (await prepare("memory")).instantiate({ limits: { memoryBytes: 10 * 65_536 } });
    instance.call("grow", [3]);
    expect(instance.lastCall.peakMemoryBytes).toBe(5 * 65_536);
    thrownBy(() => instance.call("bomb"));
    expect(instance.memoryBytes).toBe(0);
    expect(instance.lastCall.peakMemoryBytes).toBe(8 * 65_536);
  });
});

describe("limits", () => {
  const wrong: readonly InstanceLimits[] = [
    { fuelPerCall: -1 },
    { fuelPerCall: 1.5 },
    { deadlineMs: 0 },
    { deadlineMs: Number.NaN },
    { stackDepth: 2 ** 31 },
    { tableElements: -1 },
    { handles: -1 },
  ];
  for (const limits of wrong) {
    it(`are refused by name when they are none: ${Object.keys(limits)[0]} ${Object.values(limits)[0]}`, async () => {
      await expect(hostile(limits)).rejects.toThrow(BadOptionError);
      await expect(hostile(limits)).rejects.toMatchObject({ option: `limits.${Object.keys(limits)[0]}` });
    });
  }
});
