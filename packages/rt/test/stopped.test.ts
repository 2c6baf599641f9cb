import { settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorKilledError,
  ActorStoppedError,
  ActorSystem,
  RestartIntensityExceededError,
  type Actor,
  type ActorRef,
} from "../src/index.ts";
import { rejection } from "./rejection.ts";

const bad = new RangeError("bad");

function newFragile(): Actor<string> {
  return {
    receive: (message): unknown => {
      if (message === "crash") throw bad;
      return message === "hang" ? new Promise<void>(() => undefined) : message;
    },
  };
}

/** The errors of an ask that waits behind `message`, of a sender that waits for room, and of an ask made afterwards. */
async function rejections(ref: ActorRef<string>, message: string): Promise<unknown[]> {
  ref.tell(message);
  const asked = rejection(ref.ask("waits"));
  const letIn = ref.tellWhenRoom("waits until the first message is taken");
  const waiting = rejection(ref.tellWhenRoom("waits too"));
  await letIn;
  const first = [await asked, await waiting];
  return [...first, await rejection(ref.ask("late")), await rejection(ref.tellWhenRoom("late too"))];
}

describe("who waits for an actor that stops", () => {
  it("is told what it crashed on", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn(newFragile, { id: "fragile", mailbox: { capacity: 2 } });
    const errors = await rejections(ref, "crash");
    expect(errors).toEqual([1, 2, 3, 4].map(() => expect.any(ActorStoppedError)));
    for (const error of errors) expect(error).toMatchObject({ cause: bad, message: "/user/fragile has stopped: bad" });
  });

  it("is told why its supervisor gave up, and what was behind that", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      intensity: { maxRestarts: 0, withinMs: 1 },
      children: [
        { id: "fragile", start: newFragile, mailbox: { capacity: 2 } },
        { id: "sibling", start: newFragile },
      ],
    });
    const sibling = supervisor.child<string>("sibling");
    const errors = await rejections(supervisor.child<string>("fragile"), "crash");
    errors.push(await rejection(sibling.ask("late")));
    for (const error of errors) {
      expect(error).toMatchObject({ code: "RT_ACTOR_STOPPED", cause: { code: "RT_RESTART_INTENSITY_EXCEEDED" } });
      expect(error).toMatchObject({ cause: { child: "fragile", cause: bad } });
    }
  });

  it("is told the same however deep in the tree it waits", async () => {
    await using system = new ActorSystem("test");
    const never = { maxRestarts: 0, withinMs: 1 };
    const top = await system.supervise({
      id: "top",
      strategy: "one-for-one",
      intensity: never,
      children: [
        {
          id: "other",
          strategy: "one-for-one",
          children: [{ id: "bystander", start: newFragile }],
        },
        {
          id: "middle",
          strategy: "one-for-one",
          intensity: never,
          children: [{ id: "fragile", start: newFragile }],
        },
      ],
    });
    const bystander = top.supervisor("other").child<string>("bystander");
    top.supervisor("middle").child<string>("fragile").tell("crash");
    await settled(system);
    const error = await rejection(bystander.ask("late"));
    expect(error).toMatchObject({ cause: expect.any(RestartIntensityExceededError) });
    expect(error).toMatchObject({ cause: { child: "middle", cause: { child: "fragile", cause: bad } } });
  });

  it("is told what its parent crashed on", async () => {
    await using system = new ActorSystem("test");
    const { promise: spawned, resolve } = Promise.withResolvers<ActorRef<string>>();
    const parent = system.spawn<string>((context) => {
      resolve(context.spawn(newFragile));
      return newFragile();
    });
    const child = await spawned;
    parent.tell("crash");
    await settled(system);
    expect(await rejection(child.ask("late"))).toMatchObject({ code: "RT_ACTOR_STOPPED", cause: bad });
  });

  it("is told that it was killed", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const ref = system.spawn(newFragile);
    const asked = rejection(ref.ask("hang", { timeoutMs: 60_000 }));
    await settled(system);
    const stopping = system.stop(ref);
    await clock.advance(5000);
    await stopping;
    expect(await asked).toMatchObject({ code: "RT_ACTOR_STOPPED", cause: expect.any(ActorKilledError) });
  });

  it("is told no cause where there is none: somebody stopped it", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn(newFragile, { id: "fragile" });
    const asked = rejection(ref.ask("waits"));
    await system.stop(ref);
    const error = await asked;
    expect(error).toMatchObject({ message: "/user/fragile has stopped" });
    expect(error).not.toHaveProperty("cause");
  });
});
