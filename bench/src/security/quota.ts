import { QuotaMeter } from "@airssys/security";
import { TokenBucket } from "limiter";
import type { Subject, TimedWorkload } from "../workload.ts";

/** More a second than any machine consumes, so that each is let through. */
const PER_SECOND = 1e12;

function subject(name: string, consumer: () => () => boolean): Subject {
  return {
    name,
    open: async () => {
      const consume = consumer();
      return {
        run: async (operations) => {
          let consumed = 0;
          for (let done = 0; done < operations; done += 1) if (consume()) consumed += 1;
          return consumed;
        },
        close: async () => undefined,
      };
    },
  };
}

/** Operations are checks of a rate that consume one, all of them let through. */
export const quota: TimedWorkload = {
  suite: "security",
  name: "quota",
  unit: "ns",
  operations: 500_000,
  subjects: [
    subject("airssys", () => {
      const meter = new QuotaMeter(
        "messages",
        { kind: "rate", perSecond: PER_SECOND },
        { action: "reject", now: () => Date.now() },
      );
      return () => meter.consume(1).type === "consumed";
    }),
    subject("limiter", () => {
      const bucket = new TokenBucket({ bucketSize: PER_SECOND, tokensPerInterval: PER_SECOND, interval: "second" });
      bucket.content = PER_SECOND;
      return () => bucket.tryRemoveTokens(1);
    }),
    subject("limit", () => {
      let left = PER_SECOND;
      return () => {
        left -= 1;
        return left > 0;
      };
    }),
  ],
};
