import type { ExitReason } from "./exit-reason.ts";

/** Whether a child comes back: always, after an error, or never. */
export type Restart = "permanent" | "transient" | "temporary";

/** Who goes down with a child that failed: nobody, everybody, or those started after it. */
export type Strategy = "one-for-one" | "one-for-all" | "rest-for-one";

/** When a supervisor ends because of its significant children: never, with the first that is gone, or with the last. */
export type AutoShutdown = "never" | "any-significant" | "all-significant";

/** What becomes of a child that left: it comes back, it stays down with its spec kept, or its spec goes too. */
export type Outcome = "restart" | "stay-down" | "forget";

/** Whether a child that left with `reason` comes back. */
export function outcomeOf(restart: Restart, reason: ExitReason): Outcome {
  switch (restart) {
    case "permanent":
      return "restart";
    case "transient":
      return reason.kind === "error" ? "restart" : "stay-down";
    case "temporary":
      return "forget";
  }
}

/**
 * The children a restart of `failed` takes down, in start order.
 * Stop them in reverse, start them as listed: a child may rely on those before it.
 */
export function affectedBy<Child>(failed: Child, inStartOrder: readonly Child[], strategy: Strategy): readonly Child[] {
  switch (strategy) {
    case "one-for-one":
      return [failed];
    case "one-for-all":
      return inStartOrder;
    case "rest-for-one":
      return inStartOrder.slice(inStartOrder.indexOf(failed));
  }
}

/** Whether a supervisor ends now that a significant child is gone for good. */
export function endsWith(autoShutdown: AutoShutdown, isAnotherLeft: () => boolean): boolean {
  switch (autoShutdown) {
    case "never":
      return false;
    case "any-significant":
      return true;
    case "all-significant":
      return !isAnotherLeft();
  }
}
