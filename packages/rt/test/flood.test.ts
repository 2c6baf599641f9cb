import { Probe } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { ActorSystem, MailboxFullError } from "../src/index.ts";
import { heapUsed } from "./heap.ts";

/** A full mailbox of a thousand numbers and ten dead letters take far less; so many messages take more. */
const BOUND = 2_000_000;
/** To throw an error with its stack for every message takes its time. */
const floods = [
  { overflow: "drop-oldest", messages: 1_000_000 },
  { overflow: "drop-newest", messages: 1_000_000 },
  { overflow: "error", messages: 100_000 },
] as const;

describe("an actor flooded with a million messages", () => {
  it.each(floods)(
    "still stops and hears, within bounds, all accounted for ($overflow)",
    async ({ overflow, messages }) => {
      await using system = new ActorSystem("test", { deadLetters: { capacity: 10 } });
      let handled = 0;
      let handledWhenHeard = -1;
      const heard = Promise.withResolvers<void>();
      const bystander = system.spawn<number>(() => ({ receive: () => undefined }));
      const flooded = system.spawn<number>(
        (context) => {
          context.watch(bystander);
          return {
            receive: () => void (handled += 1),
            onTerminated: () => {
              handledWhenHeard = handled;
              heard.resolve();
            },
          };
        },
        { id: "flooded", mailbox: { overflow } },
      );
      const watcher = new Probe(system);
      watcher.watch(flooded);
      const before = heapUsed();
      let handedBack = 0;
      for (let message = 0; message < messages; message += 1) {
        try {
          flooded.tell(message);
        } catch (error) {
          if (!(error instanceof MailboxFullError)) throw error;
          handedBack += 1;
        }
        if (message % (messages / 10) === 0) await Promise.resolve();
      }
      expect(heapUsed() - before).toBeLessThan(BOUND);
      const { mailbox = 0, counters } = system.tree().children.find(({ path }) => path === "/user/flooded") ?? {};
      expect(mailbox).toBeLessThanOrEqual(1000);
      expect(counters).toMatchObject({ handled, deadLetters: system.deadLetters.total });
      expect(handled + handedBack + system.deadLetters.total + mailbox).toBe(messages);

      const handledBefore = handled;
      void system.stop(bystander);
      await heard.promise;
      expect(handledWhenHeard).toBe(handledBefore);

      await system.stop(flooded);
      expect(await watcher.nextTerminated()).toEqual({ ref: flooded, reason: { kind: "shutdown" } });
      expect(handled).toBeGreaterThan(0);
      expect(handled + handedBack + system.deadLetters.total).toBe(messages);
      expect(system.deadLetters.list().length).toBeLessThanOrEqual(10);
    },
  );
});
