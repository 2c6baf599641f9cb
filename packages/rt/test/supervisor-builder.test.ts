import { describe, expect, it } from "vitest";
import { ActorSystem, supervisor } from "../src/index.ts";
import { Counter } from "./counter.ts";

const start = (): Counter => new Counter();
const template = (_user: string): { start: () => Counter } => ({ start });

describe("a supervisor builder", () => {
  it("builds the plain spec", () => {
    const spec = supervisor("shop", "rest-for-one")
      .allowing(5, { withinMs: 1000 })
      .backingOff({ minMs: 10, maxMs: 100 })
      .endingWith("any-significant")
      .actor("db", start, { shutdownMs: "kill" })
      .dynamic("sessions", template, { maxChildren: 10 })
      .child(supervisor("pricing").as({ restart: "transient", significant: true }))
      .child({ id: "web", start })
      .build();
    expect(spec).toEqual({
      id: "shop",
      strategy: "rest-for-one",
      intensity: { maxRestarts: 5, withinMs: 1000 },
      backoff: { minMs: 10, maxMs: 100 },
      autoShutdown: "any-significant",
      children: [
        { id: "db", start, shutdownMs: "kill" },
        { id: "sessions", template, maxChildren: 10 },
        { id: "pricing", strategy: "one-for-one", restart: "transient", significant: true, children: [] },
        { id: "web", start },
      ],
    });
  });

  it("is not changed by its own steps, so that one may be the start of many", async () => {
    await using system = new ActorSystem("test");
    const base = supervisor("base").actor("a", start);
    const more = base.actor("b", start);
    const node = await system.supervise(base.build());
    expect([node.countChildren().specs, more.build().children.length]).toEqual([1, 2]);
  });
});
