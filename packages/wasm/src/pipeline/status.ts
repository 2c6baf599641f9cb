import type { ChildInfo } from "@airssys/rt";
import type { StageCounts } from "./desk.ts";

/** How a pipeline fares. */
export interface PipelineStatus {
  /** `ending`: it takes no more and finishes what it has. */
  readonly state: "running" | "ending" | "stopped";
  /** Inputs under way; never more than the pipeline may have. */
  readonly inFlight: number;
  /** Pushes that wait for room. */
  readonly waiting: number;
  /** Inputs taken so far: those that have left, those that were lost, and those in flight. */
  readonly pushed: number;
  readonly left: number;
  readonly lost: number;
  /** Outputs that were taken. */
  readonly delivered: number;
  /** Items that a stage gave nothing for. */
  readonly filtered: number;
  /** Items that a stage gave up. */
  readonly failed: number;
  readonly stages: readonly StageStatus[];
}

export interface StageStatus extends StageCounts {
  readonly name: string;
  readonly component: string;
  /** Items that wait for an instance. */
  readonly waiting: number;
  /** Items that an instance has, those that it is to try again included. */
  readonly busy: number;
  /** None when the stage is down. */
  readonly instances: readonly Pick<ChildInfo, "id" | "state" | "restarts">[];
}
