import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, type MessageBroker } from "../src/index.ts";
import { heapGrowth } from "./heap.ts";

const NAMES = 50_000;
/** Far less than one entry of a map each would take. */
const NEXT_TO_NOTHING = NAMES * 20;

const ways = [
  { way: "published to by name", use: (broker: MessageBroker, name: string) => void broker.publish(name, 1) },
  { way: "published to by handle", use: (broker: MessageBroker, name: string) => void broker.topic(name).publish(1) },
] as const;

describe("a topic that is of no use any more", () => {
  it.each(ways)("takes no room, $way, though a wildcard matches it", async ({ use }) => {
    await using system = new ActorSystem("test");
    let heard = 0;
    const ref = system.spawn(() => ({ receive: () => void (heard += 1) }), { mailbox: { capacity: "unbounded" } });
    system.broker.subscribe("all.#", ref);
    const publishTo = async (prefix: string): Promise<void> => {
      for (let name = 0; name < NAMES; name += 1) use(system.broker, `${prefix}.${name}`);
      await settled(system);
    };
    await publishTo("all.before"); // as many as are remembered for wildcards
    expect(await heapGrowth(() => publishTo("all.after"))).toBeLessThan(NEXT_TO_NOTHING);
    expect(await heapGrowth(() => publishTo("nobody"))).toBeLessThan(NEXT_TO_NOTHING);
    expect(heard).toBe(2 * NAMES);
  });

  it("takes no room when its subscribers have left", async () => {
    await using system = new ActorSystem("test");
    const ref = system.spawn(() => ({ receive: () => undefined }));
    const comeAndGo = (prefix: string): void => {
      for (let name = 0; name < NAMES; name += 1) {
        using subscription = system.broker.subscribe(`${prefix}.${name}`, ref);
        system.broker.topic(subscription.pattern);
      }
    };
    comeAndGo("before");
    expect(await heapGrowth(() => comeAndGo("after"))).toBeLessThan(NEXT_TO_NOTHING);
  });
});

describe("a topic handle", () => {
  it("goes by what is subscribed and limited when it publishes, not when it was made", async () => {
    await using system = new ActorSystem("test");
    const { broker } = system;
    const handle = broker.topic("t.u");
    const got: unknown[] = [];
    const ref = system.spawn(() => ({ receive: (message) => void got.push(message) }));
    expect(handle.publish("nobody")).toBe(0);
    {
      using _exact = broker.subscribe("t.u", ref);
      using _wild = broker.subscribe("t.*", ref);
      expect(handle.publish("both")).toBe(2);
    }
    expect(handle.publish("nobody")).toBe(0);
    broker.limit({ topic: "t.#" }, { maxPayloadBytes: 1 });
    expect(() => handle.publish(new Uint8Array(2))).toThrow("at most 1 bytes");
    broker.limit({ topic: "t.#" }, undefined);
    broker.subscribe("t.u", ref);
    expect(handle.publish(new Uint8Array(2))).toBe(1);
    await system.stop(ref);
    expect(handle.publish("nobody")).toBe(0);
  });

  it("needs the name of a topic", async () => {
    await using system = new ActorSystem("test");
    expect(() => system.broker.topic("t.*")).toThrow("without `*` or `#`");
  });
});
