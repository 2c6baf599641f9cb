import type { ActorSystem } from "@airssys/rt";
import type { Ledger } from "./ledger.ts";

export interface Stage {
  readonly system: ActorSystem;
  readonly ledger: Ledger;
}

/** One kind of life in a system: sets itself up, and then does the same again on every beat, whose number it gets. */
export type Scene = (stage: Stage) => Promise<(beat: number) => void>;
