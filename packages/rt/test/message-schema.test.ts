import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, InvalidMessageError, type ActorRef, type MessageSchema } from "../src/index.ts";
import { rejection } from "./rejection.ts";

/** As any library that follows Standard Schema would make one. */
function positive(isLate: boolean): MessageSchema<number> {
  return {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) => {
        const number = Number(value);
        const result = number > 0 ? { value: number } : { issues: [{ message: "must be above 0" }] };
        return isLate ? Promise.resolve(result) : result;
      },
    },
  };
}

describe.each([false, true])("an actor with a schema (that answers later: %s)", (isLate) => {
  function spawn(system: ActorSystem): ActorRef<number> {
    return system.spawn<number>(
      () => ({
        receive: (message, context) => {
          if (message === 7) context.become((next) => next * 100);
          if (message === 8) context.pipeToSelf(Promise.resolve(), () => -8);
          return message * 10;
        },
      }),
      { schema: positive(isLate) },
    );
  }

  it("gets what the schema makes of a message", async () => {
    await using system = new ActorSystem("test");
    expect(await (spawn(system) as ActorRef<unknown>).ask("4")).toBe(40);
  });

  it("refuses what does not fit, also when it became something else, and lives on", async () => {
    await using system = new ActorSystem("test");
    const ref = spawn(system);
    expect(await rejection(ref.ask(-1))).toMatchObject({
      name: "InvalidMessageError",
      code: "RT_INVALID_MESSAGE",
      issues: [{ message: "must be above 0" }],
    });
    ref.tell(7);
    ref.tell(-2);
    expect(await ref.ask(2)).toBe(200);
    expect(system.deadLetters.list().map(({ message, reason }) => [message, reason])).toEqual([[-2, "rejected"]]);
    expect(await rejection(ref.ask(0))).toBeInstanceOf(InvalidMessageError);
  });

  it("may be a supervisor's child", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "a", schema: positive(isLate), start: () => ({ receive: (message: number) => message + 1 }) }],
    });
    expect(await supervisor.child<string>("a").ask("4")).toBe(5);
    expect(await rejection(supervisor.child<number>("a").ask(-4))).toBeInstanceOf(InvalidMessageError);
  });

  it("may send itself anything", async () => {
    await using system = new ActorSystem("test");
    spawn(system).tell(8);
    await settled(system);
    expect([system.deadLetters.total, system.tree().children[0]?.counters?.handled]).toEqual([0, 1]);
  });
});
