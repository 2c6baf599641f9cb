import { settled, VirtualClock } from "@airssys/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ActorSystem, systemClock, type Actor, type LogRecord, type SupervisorSpec } from "../src/index.ts";

const bad = new RangeError("bad");

function newFragile(): Actor<string> {
  return {
    receive: (message) => {
      if (message === "crash") throw bad;
    },
  };
}

function newForgetful(): Actor<string> {
  return { ...newFragile(), preRestart: () => Promise.reject(bad) };
}

function fail(): never {
  throw bad;
}

function give(intensity: number, ...children: SupervisorSpec["children"]): Omit<SupervisorSpec, "id"> {
  return { strategy: "one-for-one", intensity: { maxRestarts: intensity, withinMs: 1000 }, children };
}

/** What is noted while `act` happens, and what follows of it. */
async function noted(act: (system: ActorSystem, clock: VirtualClock) => unknown): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  const clock = new VirtualClock({ wallTime: 1000 });
  const system = new ActorSystem("test", { clock, log: (record) => records.push(record) });
  await act(system, clock);
  await settled(system);
  return records;
}

describe("a failure is noted in the log of the system", () => {
  it("when an actor crashes, with what it threw", async () => {
    expect(await noted((system) => system.spawn(newFragile, { id: "a" }).tell("crash"))).toEqual([
      { level: "error", path: "/user/a", message: "failed", fields: { error: bad }, time: 1000 },
    ]);
  });

  it("when an actor does not start", async () => {
    const records = await noted((system) => {
      expect(() => system.spawn<string>(fail, { id: "a" })).toThrow("did not start");
    });
    expect(records).toMatchObject([{ level: "error", path: "/user/a", message: "failed", fields: { error: bad } }]);
  });

  it("when a supervisor gives up, at every level that it reaches", async () => {
    const records = await noted(async (system) => {
      const inner = { id: "inner", ...give(1, { id: "a", start: newFragile }) };
      const top = await system.supervise({ id: "top", ...give(0, inner) });
      for (const _ of [1, 2]) top.supervisor("inner").child<string>("a").tell("crash");
    });
    expect(records.map(({ path, message }) => `${path} ${message}`)).toEqual([
      "/user/top/inner/a failed",
      "/user/top/inner/a failed",
      "/user/top/inner gave up on a, restarted 1 times",
      "/user/top gave up on inner, restarted 0 times",
    ]);
    expect(records.slice(2).map(({ level, fields }) => [level, fields["error"]])).toMatchObject([
      ["error", bad],
      ["error", { code: "RT_RESTART_INTENSITY_EXCEEDED" }],
    ]);
  });

  it("when an actor is killed, and when its last hook fails", async () => {
    const records = await noted(async (system, clock) => {
      const hanging = system.spawn<string>(() => ({ receive: () => new Promise<void>(() => undefined) }), { id: "a" });
      hanging.tell("hang");
      await settled(system);
      void system.stop(hanging);
      await clock.advance(5000);
      const last = { receive: () => undefined, postStop: () => Promise.reject(bad) };
      await system.stop(system.spawn(() => last, { id: "b" }));
    });
    expect(records.map(({ level, path, message }) => `${level} ${path} ${message}`)).toEqual([
      "warn /user/a was killed",
      "error /user/b failed in postStop",
    ]);
  });

  it("when preRestart fails", async () => {
    const records = await noted(async (system) => {
      const spec = give(1, { id: "a", start: newForgetful });
      const supervisor = await system.supervise({ id: "s", ...spec });
      supervisor.child<string>("a").tell("crash");
    });
    expect(records.map(({ message }) => message)).toEqual(["failed", "failed in preRestart"]);
  });

  it("when a listener or an interceptor fails", async () => {
    const records = await noted((system) => {
      system.events.on("group-joined", fail);
      system.registry.join("g", system.spawn(newFragile, { id: "a" }));
      system.broker.intercept(fail);
      system.broker.publish("t", 1);
    });
    expect(records.map(({ path, message, fields }) => [path, message, fields["error"]])).toEqual([
      ["/user/a", "had its group-joined heard by a listener that failed", bad],
      ["t", "was sent nothing: an interceptor failed", bad],
    ]);
  });
});

describe("where failures are noted", () => {
  const said: string[] = [];

  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation((line: unknown) => void said.push(String(line)));
  });

  afterEach(() => {
    vi.restoreAllMocks();
    said.length = 0;
  });

  async function crashIn(system: ActorSystem): Promise<readonly string[]> {
    system.spawn(newFragile, { id: "a" }).tell("crash");
    await settled(system);
    await system.shutdown();
    return said;
  }

  it("is the console unless said, where a crash is one line", async () => {
    expect(await crashIn(new ActorSystem("test"))).toEqual([
      expect.stringMatching(/^error \/user\/a failed: RangeError: bad at .*failure-log\.test\.ts/),
    ]);
    said.length = 0;
    expect((await crashIn(new ActorSystem("test", { clock: systemClock }))).length).toBe(1);
  });

  it("is nowhere with `log: false`, and nowhere unless said with a clock of one's own", async () => {
    expect(await crashIn(new ActorSystem("test", { log: false }))).toEqual([]);
    expect(await crashIn(new ActorSystem("test", { clock: new VirtualClock() }))).toEqual([]);
  });

  it("costs nothing where it is nowhere: nobody listens", async () => {
    await using quiet = new ActorSystem("test", { log: false });
    await using loud = new ActorSystem("test");
    expect([quiet.events.observes("actor-failed"), loud.events.observes("actor-failed")]).toEqual([false, true]);
    expect(loud.events.observes("actor-started")).toBe(false);
  });
});
