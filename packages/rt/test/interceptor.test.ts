import { EventRecorder, Probe, settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, BrokerNotPermittedError, EnvelopeRejectedError, refuse } from "../src/index.ts";
import { rejection } from "./rejection.ts";

describe("an interceptor", () => {
  it("sees every envelope, those given at the start first, until it is disposed", async () => {
    const seen: string[] = [];
    await using system = new ActorSystem("test", {
      broker: { interceptors: [({ kind }) => void seen.push(`first ${kind}`)] },
    });
    const probe = new Probe(system);
    system.broker.subscribe("t", probe.ref);
    const second = system.broker.intercept(({ kind }) => void seen.push(`second ${kind}`));
    system.broker.send(probe.ref, 1);
    await system.broker.request(probe.ref, 2);
    second[Symbol.dispose]();
    system.broker.publish("t", 3);
    expect(seen).toEqual(["first tell", "second tell", "first ask", "second ask", "first event"]);
  });

  it("may refuse: the sender gets its error, those behind it do not see the envelope", async () => {
    await using system = new ActorSystem("test");
    const probe = new Probe(system);
    let seen = 0;
    system.broker.intercept(({ payload }) => (payload === "bad" ? refuse(new RangeError("not that")) : undefined));
    system.broker.intercept(() => void (seen += 1));
    expect(() => system.broker.send(probe.ref, "bad")).toThrow("not that");
    await expect(system.broker.request(probe.ref, "bad")).rejects.toThrow(RangeError);
    expect(() => system.broker.publish("t", "bad")).toThrow(RangeError);
    system.broker.send(probe.ref, "good");
    await settled(system);
    expect([seen, probe.all]).toEqual([1, ["good"]]);
    expect(system.deadLetters.count("rejected")).toBe(3);
  });

  it("that throws lets nothing through and is reported, and the sender does not crash", async () => {
    await using system = new ActorSystem("test");
    using recorder = new EventRecorder(system);
    const probe = new Probe(system);
    system.broker.subscribe("t", probe.ref);
    const sender = system.spawn<string>(() => ({
      receive: (message, { broker }): unknown => {
        broker.send(probe.ref, message);
        return "alive";
      },
    }));
    const faulty = system.broker.intercept(() => {
      throw new RangeError("tracing is down");
    });
    expect(await sender.ask("x")).toBe("alive");
    expect(system.broker.publish("t", "y")).toBe(0);
    expect(await rejection(system.broker.request(probe.ref, "z"))).toBeInstanceOf(EnvelopeRejectedError);
    await settled(system);
    expect(probe.all).toEqual([]);
    expect(recorder.allOf("interceptor-failed").length).toBe(3);
    expect(system.deadLetters.count("rejected")).toBe(3);
    faulty[Symbol.dispose]();
    system.broker.send(probe.ref, "again");
    await settled(system);
    expect(probe.all).toEqual(["again"]);
  });
});

describe("a policy that throws", () => {
  it("lets nobody through, and its error is the cause", async () => {
    const cause = new RangeError("policy store is down");
    await using system = new ActorSystem("test", {
      broker: {
        permits: () => {
          throw cause;
        },
      },
    });
    const probe = new Probe(system);
    const error = await rejection(system.broker.request(probe.ref, "x"));
    expect(error).toBeInstanceOf(BrokerNotPermittedError);
    expect(error).toMatchObject({ cause });
    expect(system.deadLetters.count("not-permitted")).toBe(1);
  });
});
