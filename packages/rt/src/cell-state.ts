import type { TreeNode } from "./tree-node.ts";

// Plain numbers, because a cell's state is read several times for every message (bench: `tell`).

/** Waits for messages. */
export const IDLE = 0;
/** Waits for its turn. */
export const READY = 1;
/** A handler of it is on the stack. */
export const RUNNING = 2;
/** A handler of it returned a promise that has not settled. */
export const SUSPENDED = 3;
/** Its `preStart` has not finished. */
export const STARTING = 4;
/** This incarnation ends; then its supervisor decides. */
export const LEAVING = 5;
/** This incarnation ends, and nobody will be asked. */
export const CLOSING = 6;
/** Between two incarnations; messages wait. */
export const PARKED = 7;
export const STOPPED = 8;

export type CellState =
  | typeof IDLE
  | typeof READY
  | typeof RUNNING
  | typeof SUSPENDED
  | typeof STARTING
  | typeof LEAVING
  | typeof CLOSING
  | typeof PARKED
  | typeof STOPPED;

export function nameOf(state: CellState): TreeNode["state"] {
  switch (state) {
    case IDLE:
    case READY:
    case RUNNING:
    case SUSPENDED:
      return "running";
    case STARTING:
      return "starting";
    case LEAVING:
    case CLOSING:
      return "stopping";
    case PARKED:
      return "waiting-to-restart";
    case STOPPED:
      return "down";
  }
}
