import type { Answer } from "@airssys/engine";
import { InitRefusedError, RestoreRefusedError } from "./errors.ts";
import type { ComponentMetadata } from "./generated/airssys-core-component-component-lifecycle.ts";
import { makeGuest, type Guest } from "./guest.ts";
import { subjectOf, type Incarnation } from "./incarnation.ts";
import { andFinally, andThen, orElse, type Later } from "./later.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Makes the instance of an incarnation and starts it: `init`, what it says of itself, and, when there is a snapshot and it keeps
 * state, `restore`. Nothing is left of one that does not start.
 * @throws InitRefusedError, RestoreRefusedError, and what it traps with
 */
export function startGuest(incarnation: Incarnation, snapshot: Snapshot | undefined): Later<Guest> {
  return andThen(makeGuest(incarnation), (guest) => begin(guest, incarnation, snapshot));
}

function begin(guest: Guest, incarnation: Incarnation, snapshot: Snapshot | undefined): Later<Guest> {
  const { address, id, manifest } = incarnation;
  return orElse(
    () => {
      const ready = andThen(guest.lifecycle.init([{ id, values: manifest.config }]), (answer) => {
        if (!answer.ok) throw new InitRefusedError(address, answer.error);
        return declare(guest, incarnation);
      });
      return andThen(ready, () => andThen(restore(guest, incarnation, snapshot), () => guest));
    },
    (error) =>
      andFinally<Guest>(
        () => {
          throw error;
        },
        () => guest.end(),
      ),
  );
}

/**
 * Starts the next incarnation of a component from what the one before left, and afresh when it does not want that: a bad snapshot
 * must not keep it down.
 */
export function startAfter(incarnation: Incarnation): Later<Guest> {
  const { life } = incarnation;
  const { snapshot } = life;
  if (snapshot === undefined) return startGuest(incarnation, undefined);
  return orElse(
    () => startGuest(incarnation, snapshot),
    (error) => {
      if (incarnation.signal.aborted) throw error;
      life.snapshot = undefined;
      life.hooks.onError?.(subjectOf(incarnation), error);
      return startGuest(incarnation, undefined);
    },
  );
}

/** Has the others know what the component says of itself. */
export function declare({ lifecycle }: Guest, { address, directory }: Incarnation): Later<void> {
  return andThen(lifecycle.metadata([]), (answer) => directory.declare(address, valueOf(answer) as ComponentMetadata));
}

function restore({ lifecycle }: Guest, { address }: Incarnation, snapshot: Snapshot | undefined): Later<void> {
  if (snapshot === undefined || lifecycle.restore === undefined) return undefined;
  const { state, version } = snapshot;
  return andThen(lifecycle.restore([state, version]), (answer) => {
    if (!answer.ok) throw new RestoreRefusedError(address, version, answer.error);
  });
}

/** The value of an export that returns no `result`, and so always answers. */
export function valueOf(answer: Answer): unknown {
  return answer.ok ? answer.value : undefined;
}
