import { EventRecorder, Probe, settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorSystem,
  ActorStartError,
  ActorStoppedError,
  DuplicateIdError,
  ForeignRefError,
  InvalidOptionError,
  type Actor,
  type ActorContext,
  type ExitReason,
} from "../src/index.ts";
import { Counter, crashWith, increment } from "./counter.ts";
import { rejection } from "./rejection.ts";

const forever = (): Promise<never> => new Promise(() => undefined);

describe("an actor", () => {
  it("has the path of its parent and its id", async () => {
    await using system = new ActorSystem("test");
    const paths: string[] = [];
    system.spawn(
      (context) => {
        const child = context.spawn(
          (inner) => {
            paths.push(inner.path, inner.parent?.path ?? "none");
            return { receive: () => undefined };
          },
          { id: "child" },
        );
        paths.push(child.path, context.parent?.path ?? "none");
        return { receive: () => undefined };
      },
      { id: "parent" },
    );
    expect(paths).toEqual(["/user/parent/child", "/user/parent", "/user/parent/child", "none"]);
  });

  it("handles no other message while its handler waits", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const ref = system.spawn<string>(() => ({
      async receive(message) {
        steps.push(`${message} begins`);
        await Promise.resolve();
        steps.push(`${message} ends`);
      },
    }));
    ref.tell("a");
    ref.tell("b");
    await settled(system);
    expect(steps).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });

  it("runs preStart before its first message", async () => {
    await using system = new ActorSystem("test");
    const steps: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const ref = system.spawn<string>(() => ({
      preStart: async () => {
        await promise;
        steps.push("started");
      },
      receive: (message) => void steps.push(message),
    }));
    ref.tell("message");
    await settled(system);
    expect(steps).toEqual([]);
    resolve();
    await settled(system);
    expect(steps).toEqual(["started", "message"]);
  });

  it("that throws in its factory or preStart is not spawned", async () => {
    await using system = new ActorSystem("test");
    const cause = new RangeError("no database");
    const failing = (): Actor<string> => {
      throw cause;
    };
    expect(() => system.spawn(failing, { id: "a" })).toThrow(ActorStartError);
    expect(() => system.spawn(failing, { id: "a" })).toThrow("/user/a did not start: no database");
    const ref = system.spawn<string>(() => ({ preStart: () => Promise.reject(cause), receive: () => undefined }), {
      id: "a",
    });
    ref.tell("waits in vain");
    await settled(system);
    expect(system.deadLetters.count("stopped")).toBe(1);
    expect(system.tree().children).toEqual([]);
  });

  it("stops after the message at hand, and what waits becomes dead letters", async () => {
    await using system = new ActorSystem("test");
    const handled: string[] = [];
    const reasons: ExitReason[] = [];
    const ref = system.spawn<string>(() => ({
      receive(message, context) {
        handled.push(message);
        context.stop();
      },
      postStop: (_context, reason) => void reasons.push(reason),
    }));
    ref.tell("a");
    ref.tell("b");
    await settled(system);
    expect(handled).toEqual(["a"]);
    expect(reasons).toEqual([{ kind: "normal" }]);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "stopped", message: "b" }]);
  });

  it("is waited for when it is stopped while its handler waits", async () => {
    await using system = new ActorSystem("test");
    const { promise, resolve } = Promise.withResolvers<string>();
    const ref = system.spawn<string>(() => ({ receive: (): unknown => promise }));
    const reply = ref.ask("x");
    await settled(system);
    const stopped = system.stop(ref);
    resolve("done");
    expect(await reply).toBe("done");
    await stopped;
    expect(system.tree().children).toEqual([]);
  });

  it("that hangs is killed when its time to stop is over, and whoever asked it is rejected", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const reasons: ExitReason[] = [];
    const ref = system.spawn<string>(
      () => ({ receive: forever, postStop: (_context, reason) => void reasons.push(reason) }),
      { id: "hanging" },
    );
    const reply = rejection(ref.ask("x", { timeoutMs: 60_000 }));
    await settled(system);
    const stopped = system.stop(ref);
    await clock.advance(5000);
    await stopped;
    expect(await reply).toBeInstanceOf(ActorStoppedError);
    expect(reasons).toMatchObject([{ kind: "error", error: { code: "RT_ACTOR_KILLED" } }]);
  });

  it("that is killed in preStart does not stay", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const ref = system.spawn<string>(() => ({ preStart: forever, receive: () => undefined }));
    const stopped = system.stop(ref);
    await clock.advance(5000);
    await stopped;
    expect(system.tree().children).toEqual([]);
  });

  it("stops its children before itself, the youngest first", async () => {
    await using system = new ActorSystem("test");
    const stopped: string[] = [];
    const noting = (context: ActorContext<string>): Actor<string> => ({
      receive: () => undefined,
      postStop: async () => {
        await Promise.resolve();
        stopped.push(context.path);
      },
    });
    const parent = system.spawn<string>(
      (context) => {
        for (const id of ["a", "b", "c"]) context.spawn(noting, { id });
        return noting(context);
      },
      { id: "parent" },
    );
    await system.stop(parent);
    expect(stopped).toEqual(["/user/parent/c", "/user/parent/b", "/user/parent/a", "/user/parent"]);
  });

  it("takes its children down when it crashes", async () => {
    await using system = new ActorSystem("test");
    const parent = system.spawn<string>((context) => {
      context.spawn(() => new Counter(), { id: "child" });
      return {
        receive: () => {
          throw new RangeError("crash");
        },
      };
    });
    parent.tell("go");
    await settled(system);
    expect(system.tree().children).toEqual([]);
  });

  it("reports a postStop that fails, and stops all the same", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const error = new RangeError("cannot close");
    const ref = system.spawn<string>(() => ({ receive: () => undefined, postStop: () => Promise.reject(error) }));
    await system.stop(ref);
    expect(recorder.allOf("post-stop-failed")).toMatchObject([{ error }]);
    expect(system.tree().children).toEqual([]);
  });

  it("needs an id that its siblings do not have, and that is one segment", async () => {
    await using system = new ActorSystem("test");
    const first = system.spawn(() => new Counter(), { id: "a" });
    expect(() => system.spawn(() => new Counter(), { id: "a" })).toThrow(DuplicateIdError);
    expect(() => system.spawn(() => new Counter(), { id: "a/b" })).toThrow(InvalidOptionError);
    await system.stop(first);
    expect(system.spawn(() => new Counter(), { id: "a" }).path).toBe("/user/a");
  });

  it("that crashes makes a dead letter of the message it was handling", async () => {
    await using system = new ActorSystem("test");
    const counter = system.spawn(() => new Counter(), { id: "counter" });
    const fatal = crashWith(new RangeError("bad"));
    counter.tell(fatal);
    counter.tell(increment);
    await settled(system);
    expect(system.deadLetters.list()).toMatchObject([
      { reason: "crashed", message: fatal, recipient: "/user/counter" },
      { reason: "stopped", message: increment },
    ]);
  });

  it("can hand over a message it can do nothing with", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn<string>(
      () => ({
        receive: (message, context) => context.deadLetter(message, "rejected"),
      }),
      { id: "picky" },
    );
    ref.tell("odd");
    await settled(system);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "rejected", message: "odd", recipient: "/user/picky" }]);
  });

  it("hears of work it piped to itself, unless it was restarted meanwhile", async () => {
    await using system = new ActorSystem("test");
    const got: unknown[] = [];
    const ref = system.spawn<unknown>(() => ({
      receive(message, context) {
        if (message === "work") context.pipeToSelf(Promise.resolve(7), (outcome) => outcome);
        else got.push(message);
      },
    }));
    ref.tell("work");
    await settled(system);
    expect(got).toEqual([{ status: "fulfilled", value: 7 }]);
  });
});

describe("work that an actor pipes to itself", () => {
  it("is of no interest to its successor", async () => {
    await using system = new ActorSystem("test");
    const { promise, resolve } = Promise.withResolvers<string>();
    const got: unknown[] = [];
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [
        {
          id: "a",
          start: () => ({
            receive(message, context) {
              if (message === "work") context.pipeToSelf(promise, (outcome) => outcome);
              else if (message === "crash") throw new RangeError("crash");
              else got.push(message);
            },
          }),
        },
      ],
    });
    for (const message of ["work", "crash", "after"]) supervisor.child("a").tell(message);
    await settled(system);
    resolve("late");
    await settled(system);
    expect(got).toEqual(["after"]);
  });

  it("crashes it when the outcome cannot be made a message", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const error = new RangeError("no such message");
    const ref = system.spawn<string>(() => ({
      receive(_message, context) {
        context.pipeToSelf(Promise.reject(new TypeError("lost")), () => {
          throw error;
        });
      },
    }));
    ref.tell("work");
    expect(await recorder.next("actor-failed")).toMatchObject({ path: ref.path, error });
  });
});

describe("a watcher", () => {
  it("hears of the end and its reason, and not of a restart", async () => {
    await using system = new ActorSystem("test");
    const supervisor = await system.supervise({
      id: "s",
      strategy: "one-for-one",
      children: [{ id: "a", start: () => new Counter() }],
    });
    const probe = new Probe(system);
    const ref = supervisor.child("a");
    probe.watch(ref);
    ref.tell(crashWith(new RangeError("bad")));
    await settled(system);
    await supervisor.terminateChild("a");
    expect(await probe.nextTerminated()).toEqual({ ref, reason: { kind: "shutdown" } });
  });

  it("hears at once when the actor has stopped already", async () => {
    await using system = new ActorSystem("test");
    const probe = new Probe(system);
    const error = new RangeError("bad");
    const counter = system.spawn(() => new Counter());
    counter.tell(crashWith(error));
    await settled(system);
    probe.watch(counter);
    expect(await probe.nextTerminated()).toEqual({ ref: counter, reason: { kind: "error", error } });
  });

  it("hears nothing more once it has stopped watching", async () => {
    await using system = new ActorSystem("test");
    const counter = system.spawn(() => new Counter());
    const heard: string[] = [];
    const watcher = system.spawn<string>((context) => {
      context.watch(counter);
      context.watch(counter);
      return {
        receive: () => context.unwatch(counter),
        onTerminated: ({ ref }) => void heard.push(ref.path),
      };
    });
    watcher.tell("unwatch");
    await settled(system);
    await system.stop(counter);
    await settled(system);
    expect(heard).toEqual([]);
  });

  it("must be given a ref of this package", async () => {
    await using system = new ActorSystem("test");
    const foreign = { path: "nats://elsewhere", tell: () => undefined };
    expect(() => system.registry.register("x", foreign)).toThrow(ForeignRefError);
  });
});
