import { EventRecorder, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, type Actor, type SupervisorNode, type SupervisorSpec } from "../src/index.ts";
import { rejection } from "./rejection.ts";

/** A child whose second start takes until it is let go or fails, and whose last hook takes 100 ms. */
class Stage {
  readonly clock = new VirtualClock();
  readonly system = new ActorSystem("test", { clock: this.clock });
  readonly recorder = new EventRecorder(this.system);
  readonly steps: string[] = [];
  readonly secondStart: PromiseWithResolvers<void> = Promise.withResolvers();
  #starts = 0;

  newActor(): Actor<string> {
    this.#starts += 1;
    const turn = this.#starts;
    return {
      preStart: () => {
        this.steps.push(`start ${turn}`);
        return turn === 2 ? this.secondStart.promise : undefined;
      },
      receive: (message): unknown => {
        if (message === "crash") throw new RangeError("bad");
        return `${message}, says ${turn}`;
      },
      postStop: async () => {
        this.steps.push(`stop ${turn}`);
        await new Promise<void>((resolve) => {
          this.clock.schedule(resolve, 100);
        });
        this.steps.push(`stopped ${turn}`);
      },
    };
  }

  /** A supervisor whose only child is in the middle of its second start. */
  async restarting(more: Partial<SupervisorSpec> = {}): Promise<SupervisorNode> {
    const supervisor = await this.system.supervise({
      id: "s",
      strategy: "one-for-one",
      backoff: { minMs: 10, maxMs: 10, jitter: 0 },
      children: [{ id: "a", start: () => this.newActor(), shutdownMs: 1000 }],
      ...more,
    });
    supervisor.child<string>("a").tell("crash");
    await this.clock.advance(115);
    const begun = this.steps.splice(0).join(", ");
    if (begun !== "start 1, stop 1, stopped 1, start 2") throw new RangeError(`unexpected: ${begun}`);
    return supervisor;
  }
}

const strategies = ["one-for-one", "one-for-all", "rest-for-one"] as const;

describe("a child that somebody stops while it starts", () => {
  it.each(strategies)("ends first, and is then restarted, once, with its mailbox (%s)", async (strategy) => {
    const stage = new Stage();
    const { clock, system, recorder, steps } = stage;
    const ref = (await stage.restarting({ strategy })).child<string>("a");
    system.registry.register("a", ref);
    const asked = ref.ask("still here");
    void system.stop(ref);
    stage.secondStart.resolve();
    await clock.advance(300);
    expect(steps).toEqual(["stop 2", "stopped 2", "start 3"]);
    expect(await asked).toBe("still here, says 3");
    expect(system.registry.lookup("a")).toBe(ref);
    expect(recorder.allOf("restart-delayed").length).toBe(2);
    expect(recorder.allOf("restart-failed")).toMatchObject([
      { error: { code: "RT_ACTOR_START_FAILED", cause: { code: "RT_ACTOR_STOPPED" } } },
    ]);
  });

  it.each(strategies)(
    "and that does not start then is restarted as well, once, with its mailbox (%s)",
    async (strategy) => {
      const stage = new Stage();
      const { clock, system, recorder, steps } = stage;
      const ref = (await stage.restarting({ strategy })).child<string>("a");
      const asked = ref.ask("still here");
      void system.stop(ref);
      stage.secondStart.reject(new RangeError("no"));
      await clock.advance(300);
      expect(steps).toEqual(["start 3"]);
      expect(await asked).toBe("still here, says 3");
      expect(recorder.allOf("restart-delayed").length).toBe(2);
    },
  );

  it.each(strategies)("and that hangs is killed in time, and restarted once (%s)", async (strategy) => {
    const stage = new Stage();
    const { clock, system, recorder, steps } = stage;
    const ref = (await stage.restarting({ strategy })).child<string>("a");
    const stopping = system.stop(ref);
    await clock.advance(5000);
    await stopping;
    await clock.advance(100);
    expect(steps).toEqual(["start 3"]);
    expect(await ref.ask("still here")).toBe("still here, says 3");
    expect(recorder.allOf("restart-delayed").length).toBe(2);
    expect(recorder.allOf("actor-killed").length).toBe(1);
  });

  it("for good is waited for, and not restarted", async () => {
    const stage = new Stage();
    const supervisor = await stage.restarting();
    const terminating = supervisor.terminateChild("a");
    stage.secondStart.resolve();
    await stage.clock.advance(300);
    await terminating;
    expect(stage.steps).toEqual(["stop 2", "stopped 2"]);
    expect(supervisor.whichChildren()).toMatchObject([{ id: "a", state: "down" }]);
  });
});

describe("a supervisor that somebody stops while it starts", () => {
  it("is down before it is started anew, and that once", async () => {
    const stage = new Stage();
    const { clock, system, recorder, steps } = stage;
    const top = await system.supervise({
      id: "top",
      strategy: "one-for-one",
      backoff: { minMs: 10, maxMs: 10, jitter: 0 },
      children: [
        {
          id: "inner",
          strategy: "one-for-one",
          intensity: { maxRestarts: 0, withinMs: 1 },
          children: [{ id: "a", start: () => stage.newActor(), shutdownMs: 1000 }],
        },
      ],
    });
    void top.supervisor("inner").stop();
    await clock.advance(115);
    expect(steps).toEqual(["start 1", "stop 1", "stopped 1", "start 2"]);
    void top.supervisor("inner").stop();
    stage.secondStart.resolve();
    await clock.advance(300);
    expect(steps.slice(4)).toEqual(["stop 2", "stopped 2", "start 3"]);
    expect(recorder.allOf("restart-delayed").length).toBe(2);
    expect(await top.supervisor("inner").child<string>("a").ask("still here")).toBe("still here, says 3");
  });

  it("at the top says to who started it that it stopped", async () => {
    const stage = new Stage();
    stage.newActor(); // so that the next one is the second, which takes its time
    const starting = rejection(
      stage.system.supervise({
        id: "s",
        strategy: "one-for-one",
        children: [{ id: "a", start: () => stage.newActor() }],
      }),
    );
    const stopping = stage.system.shutdown();
    stage.secondStart.resolve();
    await stage.clock.advance(300);
    await stopping;
    expect(await starting).toMatchObject({ code: "RT_SUPERVISOR_STOPPED" });
    expect(stage.steps).toEqual(["start 2", "stop 2", "stopped 2"]);
  });

  it("and that gave up meanwhile names the failure", async () => {
    const stage = new Stage();
    const { system, clock } = stage;
    stage.newActor();
    const starting = rejection(
      system.supervise({
        id: "s",
        strategy: "one-for-one",
        intensity: { maxRestarts: 0, withinMs: 1 },
        children: [
          { id: "fragile", start: ({ self }) => ({ preStart: () => self.tell("crash"), receive: crash }) },
          { id: "a", start: () => stage.newActor() },
        ],
      }),
    );
    await clock.advance(0);
    stage.secondStart.resolve();
    await clock.advance(300);
    expect(await starting).toMatchObject({
      code: "RT_SUPERVISOR_STOPPED",
      cause: { code: "RT_RESTART_INTENSITY_EXCEEDED", child: "fragile" },
    });
  });
});

function crash(): never {
  throw new RangeError("bad");
}
