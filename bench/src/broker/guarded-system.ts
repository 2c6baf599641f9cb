import { ActorSystem } from "@airssys/rt";

/** Who sends, as far as the broker's checks go. Made once, as a component's own would be. */
export const fromBench = { sender: "bench" } as const;

/** A system whose broker has something to check: a policy that is asked, and a rate that is counted and never reached. */
export function guardedSystem(): ActorSystem {
  const system = new ActorSystem("bench", { broker: { permits: (sender) => sender === fromBench.sender } });
  system.broker.limit({ sender: fromBench.sender }, { rate: { messagesPerSecond: 1e9 } });
  return system;
}
