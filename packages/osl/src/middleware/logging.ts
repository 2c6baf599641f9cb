import type { Clock } from "../clock.ts";
import { asOslError, type OslErrorCode } from "../errors.ts";
import type { OperationKind } from "../operation.ts";
import type { Middleware } from "./middleware.ts";

export interface OperationLogged {
  readonly actor: string;
  readonly operation: OperationKind;
  readonly outcome: "done" | OslErrorCode;
  readonly durationMs: number;
}

/** Tells of each operation when it has ended, however it did. `log` must not throw. */
export function logging(log: (logged: OperationLogged) => void, clock: Clock): Middleware {
  return {
    name: "logging",
    around: async ({ actor, operation: { kind } }, next) => {
      const startedAt = clock.now();
      const tell = (outcome: OperationLogged["outcome"]): void =>
        log({ actor, operation: kind, outcome, durationMs: clock.now() - startedAt });
      try {
        const value = await next();
        tell("done");
        return value;
      } catch (error) {
        tell(asOslError(kind, error).code);
        throw error;
      }
    },
  };
}
