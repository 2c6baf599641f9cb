import { ActorSystem } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import { Probe, settled } from "../src/index.ts";

describe("a probe", () => {
  it("gives what it got in order, and waits for what has not come", async () => {
    await using system = new ActorSystem("test");
    const probe = new Probe<number>(system);
    const first = probe.next();
    probe.ref.tell(1);
    probe.ref.tell(2);
    expect([await first, await probe.next()]).toEqual([1, 2]);
    expect(probe.all).toEqual([1, 2]);
  });

  it("finds the first that matches and leaves those before it", async () => {
    await using system = new ActorSystem("test");
    const probe = new Probe<number>(system);
    const even = probe.nextMatching((message) => message % 2 === 0);
    for (const message of [1, 2, 3, 4]) probe.ref.tell(message);
    expect(await even).toBe(2);
    expect(await probe.nextMatching((message) => message > 3)).toBe(4);
    expect([await probe.next(), await probe.next()]).toEqual([1, 3]);
  });

  it("tells of the end of an actor that it watches", async () => {
    await using system = new ActorSystem("test");
    const probe = new Probe(system);
    const ref = system.spawn<string>(() => ({ receive: (_message, context) => context.stop() }));
    probe.watch(ref);
    ref.tell("leave");
    expect(await probe.nextTerminated()).toEqual({ ref, reason: { kind: "normal" } });
  });

  it("is an actor like any other", async () => {
    await using system = new ActorSystem("test");
    const probe = new Probe<undefined>(system, { id: "probe", mailbox: { capacity: 1 } });
    expect(probe.ref.path).toBe("/user/probe");
    probe.ref.tell(undefined);
    await settled(system);
    expect(await probe.next()).toBeUndefined();
  });
});
