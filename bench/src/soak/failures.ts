import type { ActorRef, ActorSpec } from "@airssys/rt";
import { crash, Hand, type Order, work } from "./hand.ts";
import type { Ledger } from "./ledger.ts";
import type { Scene } from "./scene.ts";

/** High enough never to be exceeded, and counted all the same. */
const intensity = { maxRestarts: 100_000, withinMs: 1000 };

/** Children of a dynamic supervisor that live at once. */
const CHILDREN = 20;

function hands(ledger: Ledger, ...ids: readonly string[]): readonly ActorSpec<() => Hand>[] {
  return ids.map((id) => ({ id, start: () => new Hand(ledger) }));
}

/** Crashes with messages waiting behind them, under each strategy, restarted at once. */
const crashing: Scene = async ({ system, ledger }) => {
  const ids = ["a", "b", "c", "d"];
  const supervisors = await Promise.all(
    (["one-for-one", "rest-for-one", "one-for-all"] as const).map((strategy) =>
      system.supervise({ id: `crashing-${strategy}`, strategy, intensity, children: hands(ledger, ...ids) }),
    ),
  );
  return (beat) => {
    const id = ids[beat % ids.length] ?? "";
    for (const supervisor of supervisors) {
      ledger.tell(supervisor.child<Order>(id), work);
      ledger.tell(supervisor.child<Order>(id), crash);
      ledger.tell(supervisor.child<Order>(id), work);
      if (beat % 8 !== 0) break;
    }
  };
};

/** Crashes after which the next incarnation waits, and messages for it with it. */
const backingOff: Scene = async ({ system, ledger }) => {
  const supervisor = await system.supervise({
    id: "backing-off",
    strategy: "one-for-one",
    intensity,
    backoff: { minMs: 5, maxMs: 50 },
    children: hands(ledger, "worker"),
  });
  const worker = supervisor.child<Order>("worker");
  return (beat) => {
    ledger.tell(worker, beat % 10 === 0 ? crash : work);
  };
};

/** Supervisors that give up, and are restarted by their own. */
const givingUp: Scene = async ({ system, ledger }) => {
  const top = await system.supervise({
    id: "giving-up",
    strategy: "one-for-one",
    intensity,
    children: [
      {
        id: "impatient",
        strategy: "one-for-one",
        intensity: { maxRestarts: 1, withinMs: 60_000 },
        children: hands(ledger, "worker", "bystander"),
      },
    ],
  });
  return (beat) => {
    const impatient = top.supervisor("impatient");
    ledger.tell(impatient.child<Order>("bystander"), work);
    if (beat % 5 === 0) ledger.tell(impatient.child<Order>("worker"), crash);
  };
};

/** Children of a dynamic supervisor, started, crashed and terminated. */
const startingChildren: Scene = async ({ system, ledger }) => {
  const supervisor = await system.superviseDynamic({
    id: "starting-children",
    intensity,
    template: (by: Ledger) => ({ start: () => new Hand(by), restart: "transient" as const }),
  });
  const children: ActorRef<Order>[] = [];
  const replaceOldest = async (): Promise<void> => {
    const child = await supervisor.startChild(ledger);
    ledger.tell(child, work);
    ledger.tell(child, crash);
    ledger.tell(child, work);
    children.push(child);
    const oldest = children.length > CHILDREN ? children.shift() : undefined;
    if (oldest !== undefined) await supervisor.terminateChild(oldest);
  };
  return () => {
    replaceOldest().catch((error: unknown) => ledger.surprises.push(String(error)));
  };
};

export const failures: readonly Scene[] = [crashing, backingOff, givingUp, startingChildren];
