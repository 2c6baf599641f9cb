import { describe, expect, it } from "vitest";
import { componentQuotas, parseManifest, type QuotaLevelChange } from "../../src/index.ts";
import { SMALLEST } from "../sample-manifest.ts";

const { quotas } = parseManifest(SMALLEST);

describe("the quotas of a component", () => {
  it("are those of its manifest", () => {
    const meters = componentQuotas(quotas);
    const limits = Object.entries(meters).map(([name, meter]) => [name, meter.usage().limit]);
    expect(Object.fromEntries(limits)).toEqual({
      "messages.inbound": 1000,
      "messages.outbound": 1000,
      "network.inbound": 10_000_000,
      "network.outbound": 10_000_000,
      cpu: 1000,
      memory: 256_000_000,
      storage: 104_857_600,
    });
  });

  it("count what comes in and what goes out apart", () => {
    const meters = componentQuotas(quotas, { now: () => 0 });
    meters["messages.inbound"].consume(1000);
    meters["network.outbound"].consume(10_000_000);
    expect(meters["messages.inbound"].consume().type).toBe("rejected");
    expect(meters["messages.outbound"].consume().type).toBe("consumed");
    expect(meters["network.outbound"].consume().type).toBe("throttled");
    expect(meters["network.inbound"].consume().type).toBe("consumed");
  });

  it("do with excess what the operator says, and tell of their levels", () => {
    const changes: QuotaLevelChange[] = [];
    const meters = componentQuotas(quotas, { actions: { memory: "stop" }, onLevel: (change) => changes.push(change) });
    expect(meters.memory.consume(250_000_000).type).toBe("consumed");
    expect(meters.memory.consume(250_000_000).type).toBe("stopped");
    expect(changes).toMatchObject([{ quota: "memory", level: "critical", previous: "normal", limit: 256_000_000 }]);
  });
});
