import type { Troupe, TroupeOptions } from "./troupe.ts";
import { airssysTroupe } from "./troupes/airssys.ts";
import { effectBatchedTroupe, effectTroupe, effectYieldingTroupe } from "./troupes/effect.ts";
import { limitTroupe } from "./troupes/limit.ts";
import { nactTroupe } from "./troupes/nact.ts";
import { xstateTroupe } from "./troupes/xstate.ts";
import type { Run, Subject } from "./workload.ts";

const troupes = {
  airssys: airssysTroupe,
  nact: nactTroupe,
  xstate: xstateTroupe,
  effect: effectTroupe,
  "effect-batched": effectBatchedTroupe,
  "effect-yielding": effectYieldingTroupe,
  limit: limitTroupe,
} satisfies Record<string, (options: TroupeOptions) => Troupe>;

export type TroupeName = keyof typeof troupes;

export const everyTroupe: readonly TroupeName[] = ["airssys", "nact", "xstate", "effect", "limit"];

/** For what depends on how many messages are handled in one turn. */
export const withBatchedEffect: readonly TroupeName[] = [
  "airssys",
  "nact",
  "xstate",
  "effect",
  "effect-batched",
  "limit",
];

/** For what depends on turns being given to others; that is none of `limit`. */
export const withYieldingEffect: readonly TroupeName[] = ["airssys", "nact", "xstate", "effect", "effect-yielding"];

/** The default mailbox of airssys. */
const DEFAULT_CAPACITY = 1000;

export function openTroupe(name: TroupeName, { capacity = DEFAULT_CAPACITY }: Partial<TroupeOptions> = {}): Troupe {
  return troupes[name]({ capacity });
}

/** What a workload does with a troupe: sets everything up, and returns what is timed. */
export type Play = (troupe: Troupe) => Run["run"];

export interface PlayOptions extends Partial<TroupeOptions> {
  readonly troupes?: readonly TroupeName[];
  /** Operations in one run of the slow ones. */
  readonly operations?: Partial<Record<TroupeName, number>>;
}

/** The same play, as a subject of each troupe. */
export function played(play: Play, options: PlayOptions = {}): readonly Subject[] {
  const { operations = {}, troupes: names = everyTroupe } = options;
  return names.map((name) => ({
    name,
    operations: operations[name],
    open: async () => {
      const troupe = openTroupe(name, options);
      return { run: play(troupe), close: () => troupe.close() };
    },
  }));
}
