import { EventRecorder, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorCrashedError,
  ActorSystem,
  InvalidOptionError,
  type Actor,
  type HealthCheckOptions,
  type HealthReport,
  type SupervisorNode,
} from "../src/index.ts";
import { rejection } from "./rejection.ts";

const checks: HealthCheckOptions = { intervalMs: 100, timeoutMs: 50, failureThreshold: 2 };

function supervise(system: ActorSystem, start: () => Actor<unknown>): Promise<SupervisorNode> {
  return system.supervise({ id: "s", strategy: "one-for-one", children: [{ id: "a", start, health: checks }] });
}

const reporting = (health: () => HealthReport | Promise<HealthReport>) => (): Actor<unknown> => ({
  receive: () => undefined,
  health,
});

describe("a health check", () => {
  it("restarts the child when it has failed as often in a row as it may", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    using recorder = new EventRecorder(system);
    await supervise(
      system,
      reporting(() => ({ status: "unhealthy", detail: "no disk" })),
    );
    await clock.advance(100);
    expect(recorder.allOf("health-check-failed")).toEqual([
      { type: "health-check-failed", path: "/user/s/a", failure: "no disk", failuresInARow: 1 },
    ]);
    expect(recorder.allOf("actor-restarted")).toEqual([]);
    await clock.advance(100);
    const { error } = await recorder.next("actor-failed");
    expect(error).toMatchObject({
      code: "RT_HEALTH_CHECK_FAILED",
      message: "/user/s/a failed 2 health checks in a row; the last: no disk",
    });
    expect(recorder.allOf("actor-restarted").length).toBe(1);
  });

  it("that succeeds wipes out those that failed before", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    using recorder = new EventRecorder(system);
    let answers = 0;
    await supervise(
      system,
      reporting(() => {
        answers += 1;
        if (answers % 2 === 1) throw new RangeError("hiccup");
        return Promise.resolve({ status: "degraded", detail: "slow" });
      }),
    );
    await clock.advance(1000);
    expect(answers).toBeGreaterThan(5);
    expect(recorder.allOf("actor-restarted")).toEqual([]);
  });

  it("finds a child that hangs, gives it up, and rejects whoever asked it", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    let starts = 0;
    const supervisor = await supervise(system, () => {
      starts += 1;
      const first = starts === 1;
      return { receive: () => (first ? new Promise<never>(() => undefined) : "alive") };
    });
    const ref = supervisor.child<unknown>("a");
    const hanging = rejection(ref.ask("x", { timeoutMs: 60_000 }));
    const waiting = ref.ask("y", { timeoutMs: 60_000 });
    await clock.advance(400);
    expect(await hanging).toBeInstanceOf(ActorCrashedError);
    expect(await waiting).toBe("alive");
    expect(system.deadLetters.count("crashed")).toBe(1);
  });

  it("is answered ahead of the messages that wait", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock, dispatcher: { throughput: 1 } });
    const steps: string[] = [];
    const supervisor = await supervise(system, () => ({
      receive: (message) => void steps.push(String(message)),
      health: () => {
        steps.push("health");
        return { status: "healthy" };
      },
    }));
    for (let message = 0; message < 3; message += 1) supervisor.child<unknown>("a").tell(message);
    clock.advanceSync(100);
    await settled(system);
    expect(steps).toEqual(["health", "0", "1", "2"]);
  });

  it("ends with its child", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const supervisor = await supervise(
      system,
      reporting(() => ({ status: "healthy" })),
    );
    await clock.advance(150);
    await supervisor.terminateChild("a");
    expect(clock.pending).toBe(0);
  });

  it.each<Partial<HealthCheckOptions>>([{ intervalMs: 0 }, { timeoutMs: 0 }, { failureThreshold: 0 }])(
    "cannot be %o",
    async (wrong) => {
      await using system = new ActorSystem("test");
      const spec = { id: "a", start: reporting(() => ({ status: "healthy" })), health: { ...checks, ...wrong } };
      const starting = system.supervise({ id: "s", strategy: "one-for-one", children: [spec] });
      await expect(starting).rejects.toThrow(InvalidOptionError);
    },
  );
});
