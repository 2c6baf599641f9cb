import { type DecisionMade, type QuotaLevelChange, resourceOf, rightOf } from "@airssys/security";
import { openMemoryStore, type Store } from "@airssys/storage";
import type { InstallOptions } from "../../src/index.ts";
import { Stage } from "../stage.ts";

/** A stage, and what its operator is told. */
export class WatchedStage extends Stage {
  /** As `component right resource`. */
  readonly refused: string[];
  /** Quotas that are nearly used up, as `quota level`. */
  readonly levels: string[] = [];

  constructor(storage: Store = openMemoryStore()) {
    const refused: string[] = [];
    const onDecision = ({ component, capability, decision }: DecisionMade): void => {
      if (decision === "refused") refused.push(`${component} ${rightOf(capability)} ${resourceOf(capability)}`);
    };
    super({}, { storage, access: { onDecision } });
    this.refused = refused;
  }

  /** To be installed with, so that the levels of its quotas are told. */
  get watching(): InstallOptions {
    const onQuota = (_: unknown, { quota, level }: QuotaLevelChange): void =>
      void this.levels.push(`${quota} ${level}`);
    return { hooks: { onQuota } };
  }
}
