import { settled, VirtualClock } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import {
  ActorCrashedError,
  ActorStoppedError,
  ActorSystem,
  AskTimeoutError,
  MailboxFullError,
  refuse,
} from "../src/index.ts";
import { Counter, crashWith, increment } from "./counter.ts";
import { rejection } from "./rejection.ts";

describe("a tell", () => {
  it("reaches the actor's handler", async () => {
    await using system = new ActorSystem("test");
    const counter = system.spawn(() => new Counter());
    counter.tell({ type: "increment", by: 2 });
    counter.tell({ type: "increment", by: 3 });
    expect(await counter.ask({ type: "read" })).toBe(5);
  });

  it("is not handled on the sender's stack", () => {
    const system = new ActorSystem("test");
    const handled: string[] = [];
    const ref = system.spawn<string>(() => ({ receive: (message) => void handled.push(message) }));
    ref.tell("a");
    expect(handled).toEqual([]);
  });

  it("carries any value, undefined included", async () => {
    await using system = new ActorSystem("test");
    const got: unknown[] = [];
    const ref = system.spawn<unknown>(() => ({ receive: (message) => void got.push(message) }));
    for (const value of [undefined, null, 0, "", Symbol.iterator]) ref.tell(value);
    await settled(system);
    expect(got).toEqual([undefined, null, 0, "", Symbol.iterator]);
  });

  it("to an actor that has stopped becomes a dead letter", async () => {
    await using system = new ActorSystem("test");
    const counter = system.spawn(() => new Counter(), { id: "counter" });
    await system.stop(counter);
    counter.tell(increment);
    expect(system.deadLetters.list()).toEqual([
      { reason: "stopped", message: increment, recipient: "/user/counter", envelope: undefined, ref: counter },
    ]);
  });

  it("to a full mailbox throws and hands the message back", async () => {
    await using system = new ActorSystem("test");
    const counter = system.spawn(() => new Counter(), { id: "counter", mailbox: { capacity: 2 } });
    counter.tell(increment);
    counter.tell(increment);
    const fourth = { type: "increment", by: 4 } as const;
    const refused = await rejection(new Promise(() => counter.tell(fourth)));
    expect(refused).toBeInstanceOf(MailboxFullError);
    expect(refused).toMatchObject({
      code: "RT_MAILBOX_FULL",
      undelivered: fourth,
      message: "mailbox of /user/counter is full (capacity 2)",
    });
    await settled(system);
    expect(await counter.ask({ type: "read" })).toBe(2);
  });
});

describe("an ask", () => {
  it("resolves to what the handler returns, now or later", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn<number>(() => ({
      receive: (message): unknown => (message < 10 ? message * 2 : Promise.resolve(message * 3)),
    }));
    expect(await ref.ask(2)).toBe(4);
    expect(await ref.ask(10)).toBe(30);
  });

  it("rejects after its deadline and names who did not reply", async () => {
    const clock = new VirtualClock();
    await using system = new ActorSystem("test", { clock });
    const ref = system.spawn<string>(() => ({ receive: () => new Promise<void>(() => undefined) }), { id: "mute" });
    const reply = rejection(ref.ask("hello", { timeoutMs: 200 }));
    await clock.advance(220);
    expect(await reply).toBeInstanceOf(AskTimeoutError);
    void ref.ask("again", { timeoutMs: 50 }).catch(() => undefined);
    const shutdown = system.shutdown();
    await clock.advance(5000);
    await shutdown;
  });

  it("is never early, and at most 20 ms late", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const ref = system.spawn<string>(() => ({ receive: () => new Promise<void>(() => undefined) }));
    const expiredAt = new Map<number, number>();
    for (const timeoutMs of [5, 10, 99, 1000, 5120, 7000]) {
      ref.ask("x", { timeoutMs }).catch(() => expiredAt.set(timeoutMs, clock.now()));
    }
    await clock.advance(8000);
    for (const [timeoutMs, at] of expiredAt) {
      expect(at).toBeGreaterThanOrEqual(timeoutMs);
      expect(at).toBeLessThanOrEqual(timeoutMs + 20);
    }
    expect(expiredAt.size).toBe(6);
  });

  it("that expired before its turn is a dead letter and is not handled", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const { promise, resolve } = Promise.withResolvers<void>();
    const handled: string[] = [];
    const ref = system.spawn<string>(() => ({
      receive: (message) => {
        handled.push(message);
        return message === "slow" ? promise : undefined;
      },
    }));
    ref.tell("slow");
    const reply = rejection(ref.ask("late", { timeoutMs: 100 }));
    await clock.advance(120);
    expect(await reply).toBeInstanceOf(AskTimeoutError);
    resolve();
    await settled(system);
    expect(handled).toEqual(["slow"]);
    expect(system.deadLetters.count("expired")).toBe(1);
  });

  it("answered too late makes a dead letter of the reply", async () => {
    const clock = new VirtualClock();
    const system = new ActorSystem("test", { clock });
    const { promise, resolve } = Promise.withResolvers<string>();
    const ref = system.spawn<string>(() => ({ receive: (): unknown => promise }));
    const reply = rejection(ref.ask("x", { timeoutMs: 100 }));
    await clock.advance(120);
    expect(await reply).toBeInstanceOf(AskTimeoutError);
    resolve("too late");
    await settled(system);
    expect(system.deadLetters.list()).toMatchObject([{ reason: "late-reply", message: "too late" }]);
  });

  it("rejects with the cause when the actor crashes on it", async () => {
    await using system = new ActorSystem("test");
    const cause = new RangeError("bad");
    const counter = system.spawn(() => new Counter());
    await expect(counter.ask(crashWith(cause))).rejects.toMatchObject({ name: "ActorCrashedError", cause });
    await expect(counter.ask({ type: "read" })).rejects.toThrow(ActorStoppedError);
  });

  it("rejects with the cause when a handler's promise rejects", async () => {
    await using system = new ActorSystem("test");
    const cause = new RangeError("bad");
    const ref = system.spawn<string>(() => ({ receive: () => Promise.reject(cause) }));
    const error: unknown = await ref.ask("x").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ActorCrashedError);
    expect(error).toMatchObject({ cause });
  });

  it("that waits when the actor stops is rejected at once", async () => {
    const system = new ActorSystem("test", { clock: new VirtualClock() });
    const ref = system.spawn<string>(() => ({ receive: () => undefined }));
    const reply = rejection(ref.ask("x"));
    await system.stop(ref);
    expect(await reply).toBeInstanceOf(ActorStoppedError);
  });

  it("of a full mailbox rejects", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn<string>(() => ({ receive: () => undefined }), { mailbox: { capacity: 1 } });
    ref.tell("a");
    await expect(ref.ask("b")).rejects.toThrow(MailboxFullError);
  });

  it("that is refused rejects with the refusal, and the actor lives on", async () => {
    await using system = new ActorSystem("test");
    const no = new RangeError("no");
    const ref = system.spawn<string>(() => ({
      receive: (message): unknown => (message === "bad" ? refuse(no) : message),
    }));
    await expect(ref.ask("bad")).rejects.toBe(no);
    expect(await ref.ask("good")).toBe("good");
    ref.tell("bad");
    await settled(system);
    expect(system.deadLetters.count("rejected")).toBe(1);
  });
});
