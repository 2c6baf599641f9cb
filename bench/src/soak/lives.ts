import type { ActorRef } from "@airssys/rt";
import { close, Hand, keep, leave, open, type Order, work } from "./hand.ts";
import type { Scene } from "./scene.ts";

/** Beats that a short life lasts. */
const LIFETIME = 10;

/** Actors that are spawned, work, and leave or are stopped with messages waiting; some have children. */
const comingAndGoing: Scene = async ({ system, ledger }) => {
  const living: ActorRef<Order>[] = [];
  return (beat) => {
    for (let spawned = 0; spawned < 4; spawned += 1) {
      const actor = system.spawn<Order>(
        (context) => {
          if (spawned === 0) context.spawn<Order>(() => new Hand(ledger));
          return new Hand(ledger);
        },
        spawned === 1 ? { id: `named-${beat}` } : {},
      );
      for (let sent = 0; sent < 5; sent += 1) ledger.tell(actor, work);
      living.push(actor);
    }
    for (const actor of living.splice(0, Math.max(0, living.length - 4 * LIFETIME))) {
      if (beat % 2 === 0) {
        ledger.tell(actor, leave);
        ledger.tell(actor, work);
      } else {
        ledger.tell(actor, work);
        void system.stop(actor);
      }
      ledger.tell(actor, work);
    }
  };
};

/** Actors that watch others, or share their fate, until these are stopped. */
const watching: Scene = async ({ system, ledger }) => {
  let watched: ActorRef<Order> | undefined;
  return () => {
    if (watched !== undefined) void system.stop(watched);
    const current = system.spawn<Order>(() => new Hand(ledger));
    watched = current;
    system.spawn<Order>((context) => {
      context.watch(current);
      return { receive: () => undefined, onTerminated: () => context.stop() };
    });
    system.spawn<Order>((context) => {
      context.link(current);
      return new Hand(ledger);
    });
    ledger.tell(current, work);
  };
};

/** Timers that go off, are replaced and cancelled, and end with their actor; signals of work that is not wanted any more. */
const timing: Scene = async ({ system }) => {
  const living: ActorRef<Order>[] = [];
  return () => {
    const actor = system.spawn<Order>((context) => {
      context.timers.sendEvery("tick", 30, work);
      context.timers.sendAfter("soon", 20, work);
      context.timers.sendAfter("never", 60_000, work);
      context.timers.sendAfter("cancelled", 50, work).cancel();
      context.pipeToSelf(Promise.resolve(), () => work);
      context.signal.addEventListener("abort", () => undefined);
      // What an actor sends itself is not in the ledger.
      return { receive: () => undefined };
    });
    living.push(actor);
    if (living.length > LIFETIME) void system.stop(living.shift() ?? actor);
  };
};

/** Messages put aside and taken up again; every now and then their actor is stopped meanwhile. */
const puttingAside: Scene = async ({ system, ledger }) => {
  let actor = system.spawn<Order>(() => new Hand(ledger));
  return (beat) => {
    for (const order of [close, keep, keep, keep]) ledger.tell(actor, order);
    if (beat % 100 === 0) {
      void system.stop(actor);
      actor = system.spawn<Order>(() => new Hand(ledger));
    }
    ledger.tell(actor, open);
  };
};

export const lives: readonly Scene[] = [comingAndGoing, watching, timing, puttingAside];
