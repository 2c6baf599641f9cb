import { settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, type LogRecord } from "../src/index.ts";

describe("an actor's log", () => {
  it("goes where the system says, with the actor's path and the clock's time", async () => {
    const records: LogRecord[] = [];
    const clock = new VirtualClock({ wallTime: 1000 });
    await using system = new ActorSystem("test", { clock, log: (record) => records.push(record) });
    const ref = system.spawn<string>(
      ({ log }) => ({
        receive: (message) => {
          log.debug(message);
          log.info(message, { at: 1 });
          log.warn(message);
          log.error(message);
        },
      }),
      { id: "a" },
    );
    ref.tell("x");
    await settled(system);
    expect(records.map(({ level }) => level)).toEqual(["debug", "info", "warn", "error"]);
    expect(records[1]).toEqual({ level: "info", path: "/user/a", message: "x", fields: { at: 1 }, time: 1000 });
  });

  it("goes nowhere where the system says so", async () => {
    await using system = new ActorSystem("test", { log: false });
    const ref = system.spawn<string>(({ log }) => ({ receive: (message): unknown => log.info(message) }));
    expect(await ref.ask("x")).toBeUndefined();
  });
});
