import type { Guest } from "./guest.ts";
import type { Incarnation } from "./incarnation.ts";
import { andThen, type Later } from "./later.ts";
import type { Snapshot } from "./snapshot.ts";

/** Undefined when the component keeps no state. */
export function takeSnapshot({ lifecycle }: Guest, { id }: Incarnation): Later<Snapshot | undefined> {
  if (lifecycle.snapshot === undefined) return undefined;
  return andThen(lifecycle.snapshot([]), (answer) =>
    answer.ok && answer.value instanceof Uint8Array ? { state: answer.value, version: id.version } : undefined,
  );
}

/** Keeps the state for the next instance. */
export function keepSnapshot(guest: Guest, incarnation: Incarnation): Later<void> {
  return andThen(takeSnapshot(guest, incarnation), (snapshot) => {
    if (!incarnation.signal.aborted) incarnation.life.snapshot = snapshot;
  });
}

/** Keeps the state after every so many messages, as the manifest says, so that a crash loses no more than those. */
export class SnapshotKeeper {
  readonly #incarnation: Incarnation;
  readonly #every: number;
  #sinceLatest = 0;

  constructor(incarnation: Incarnation) {
    this.#incarnation = incarnation;
    this.#every = incarnation.manifest.supervision.snapshotEvery;
  }

  afterMessage(guest: Guest | undefined): Later<void> {
    if (this.#every === 0 || guest === undefined) return undefined;
    this.#sinceLatest += 1;
    if (this.#sinceLatest < this.#every) return undefined;
    this.#sinceLatest = 0;
    return keepSnapshot(guest, this.#incarnation);
  }
}
