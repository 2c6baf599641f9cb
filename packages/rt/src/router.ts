import { type ActorCell, cellOf } from "./actor-cell.ts";
import type { ActorRef, AnyActorRef, TellOptions } from "./actor-ref.ts";
import type { AskScope } from "./call-chain.ts";
import { InvalidOptionError, NoRouteeError } from "./errors.ts";
import type { AnyGroup, Group } from "./group.ts";
import { HashRing } from "./hash-ring.ts";
import { type Addressee, LocalRef } from "./local-ref.ts";

/** Whom a router sends to: always the same, or whoever is in a group at the time. Those that have stopped are passed over. */
export type Routees<M> = readonly ActorRef<M>[] | Group<M>;

/** Picks among the routees, which are at least one and may have stopped. */
type Choice = (routees: readonly ActorCell[], message: unknown) => readonly ActorCell[];

const NOBODY: readonly never[] = Object.freeze([]);

/** Behind the ref of a router: no actor, and no mailbox of its own. It sends on the sender's stack. */
export class Router implements Addressee {
  readonly path: string;
  readonly #membersOf: () => readonly AnyActorRef[];
  readonly #choice: Choice;
  #members: readonly AnyActorRef[] = NOBODY;
  #cells: readonly ActorCell[] = NOBODY;

  constructor(path: string, membersOf: () => readonly AnyActorRef[], choice: Choice) {
    this.path = path;
    this.#membersOf = membersOf;
    this.#choice = choice;
  }

  /** @throws NoRouteeError */
  choose(message: unknown): readonly ActorCell[] {
    const members = this.#membersOf();
    if (members !== this.#members) {
      this.#cells = members.map((ref) => cellOf(ref));
      this.#members = members;
    }
    const chosen = this.#cells.length === 0 ? NOBODY : this.#choice(this.#cells, message);
    if (chosen.length === 0) throw new NoRouteeError(this.path);
    return chosen;
  }

  /** Every chosen one is told, also when the mailbox of one before it is full. */
  tell(message: unknown, options?: TellOptions): void {
    const chosen = this.choose(message);
    let failure: { readonly error: unknown } | undefined;
    for (const cell of chosen) {
      try {
        cell.tell(message, options);
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== undefined) throw failure.error;
  }

  async tellWhenRoom(message: unknown): Promise<void> {
    await Promise.all(this.choose(message).map((cell) => cell.tellWhenRoom(message)));
  }

  async askFor(
    message: unknown,
    envelope: undefined,
    timeoutMs: number,
    scope: AskScope | null = null,
    latestTick = 0,
  ): Promise<unknown> {
    return firstOf(this.choose(message).map((cell) => cell.askFor(message, envelope, timeoutMs, scope, latestTick)));
  }
}

/** The first reply; when there is none, the first error. */
export async function firstOf(replies: readonly Promise<unknown>[]): Promise<unknown> {
  try {
    return await Promise.any(replies);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

/** To each in turn. */
export function roundRobin<M>(routees: Routees<M>): ActorRef<M> {
  let next = 0;
  return router("round-robin", routees, (cells) => {
    const at = firstLive(cells, next);
    next = (at + 1) % cells.length;
    return only(cells[at]);
  });
}

/** To any of them, as `random` has it: numbers from 0 to below 1. */
export function randomly<M>(routees: Routees<M>, random: () => number = Math.random): ActorRef<M> {
  return router("random", routees, (cells) => {
    const live = cells.filter((cell) => !cell.isStopped);
    return only(live[Math.floor(random() * live.length)]);
  });
}

/** To the one with the fewest messages waiting; among equals, in turn. */
export function leastMailbox<M>(routees: Routees<M>): ActorRef<M> {
  let next = 0;
  return router("least-mailbox", routees, (cells) => {
    let best = firstLive(cells, next);
    for (let step = 1; step < cells.length; step += 1) {
      const at = (next + step) % cells.length;
      if (waitingAt(cells, at) < waitingAt(cells, best)) best = at;
    }
    next = (best + 1) % cells.length;
    return only(cells[best]);
  });
}

/** Messages with the same key to the same one. When one comes or goes, only the keys it gets or had move. */
export function consistentHash<M>(routees: Routees<M>, keyOf: (message: M) => string): ActorRef<M> {
  let cellsOnRing: readonly ActorCell[] = NOBODY;
  let ring = new HashRing<ActorCell>(NOBODY, ({ path }) => path);
  return router("consistent-hash", routees, (cells, message) => {
    if (cells !== cellsOnRing) {
      ring = new HashRing(cells, ({ path }) => path);
      cellsOnRing = cells;
    }
    return only(ring.find(keyOf(message), (cell) => !cell.isStopped));
  });
}

/** To all of them. An ask is answered by the first that replies. */
export function broadcast<M>(routees: Routees<M>): ActorRef<M> {
  return router("broadcast", routees, (cells) => cells.filter((cell) => !cell.isStopped));
}

function router<M>(
  kind: string,
  routees: Routees<M>,
  choice: (cells: readonly ActorCell[], message: M) => readonly ActorCell[],
): ActorRef<M>;
function router(kind: string, routees: readonly AnyActorRef[] | AnyGroup, choice: Choice): AnyActorRef {
  if ("members" in routees) {
    return new LocalRef(new Router(`/router/${kind}/${routees.name}`, () => routees.members, choice));
  }
  if (routees.length === 0) throw new InvalidOptionError("routees", "at least one ref, or a group", "none");
  const fixed = [...routees];
  return new LocalRef(new Router(`/router/${kind}`, () => fixed, choice));
}

/** Where the first is, from `start` on, that has not stopped; `start` when all have. */
function firstLive(cells: readonly ActorCell[], start: number): number {
  const from = start % cells.length;
  for (let step = 0; step < cells.length; step += 1) {
    const at = (from + step) % cells.length;
    if (cells[at]?.isStopped === false) return at;
  }
  return from;
}

function waitingAt(cells: readonly ActorCell[], at: number): number {
  const cell = cells[at];
  return cell === undefined || cell.isStopped ? Number.POSITIVE_INFINITY : cell.mailboxSize;
}

function only(cell: ActorCell | undefined): readonly ActorCell[] {
  return cell === undefined || cell.isStopped ? NOBODY : [cell];
}
