import { settled, VirtualClock } from "@airssys/testkit";
import { testBroker, type BrokerUnderTest } from "@airssys/rt/conformance";
import { describe, expect, it } from "vitest";
import { ActorSystem, ConformanceError, type MessageBroker } from "../src/index.ts";
import { rejection } from "./rejection.ts";

async function open(broken: Partial<MessageBroker> = {}): Promise<BrokerUnderTest> {
  const clock = new VirtualClock({ wallTime: 1_000_000 });
  const system = new ActorSystem("test", { clock });
  const broker = new Proxy(system.broker, {
    get: (target, key) => {
      const own = Reflect.get(Object.hasOwn(broken, key) ? broken : target, key);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
  return {
    system,
    broker,
    settled: () => settled(system),
    advance: (ms) => clock.advance(ms),
    [Symbol.asyncDispose]: async () => {
      const down = system.shutdown();
      await clock.advance(10_000);
      await down;
    },
  };
}

describe("the local broker", () => {
  testBroker(open, { describe, it });
});

/** The rules that a broker breaks. */
async function brokenBy(broker: Partial<MessageBroker>): Promise<readonly string[]> {
  const tests: { readonly name: string; readonly body: () => Promise<void> }[] = [];
  let subject = "";
  testBroker(() => open(broker), {
    describe: (name, body) => {
      subject = name;
      body();
    },
    it: (name, body) => void tests.push({ name: `${subject} ${name}`, body }),
  });
  const failed: string[] = [];
  for (const { name, body } of tests) {
    try {
      await body();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

describe("the conformance suite", () => {
  it("finds out a broker that does not deliver, or is not exact about what it refuses", async () => {
    expect(await brokenBy({})).toEqual([]);
    expect((await brokenBy({ publish: () => 0 })).length).toBeGreaterThan(8);
    expect((await brokenBy({ send: () => undefined })).length).toBeGreaterThan(8);
    expect((await brokenBy({ replay: () => 1 })).length).toBe(1);
    expect((await brokenBy({ limit: () => undefined })).length).toBeGreaterThan(3);
  });

  it("says what it expected and what it found", async () => {
    const tests: (() => Promise<void>)[] = [];
    testBroker(() => open({ request: async () => 41 }), {
      describe: (name, body) => (name === "a request" ? body() : undefined),
      it: (_name, body) => void tests.push(body),
    });
    const error = await rejection(tests[0]?.() ?? Promise.resolve());
    expect(error).toBeInstanceOf(ConformanceError);
    expect(error).toMatchObject({ message: "the reply: expected 42, found 41" });
  });
});
