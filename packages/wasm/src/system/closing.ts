import type { OsConnection, OsFile, OsListener, OsProcess, OsSocket } from "@airssys/osl";
import type { IncarnationContext } from "../incarnation.ts";

/** Closes what a component drops. It does not wait for that; closing the access of its incarnation does. */
export function closing(
  context: IncarnationContext,
): (resource: OsConnection | OsFile | OsListener | OsProcess | OsSocket) => void {
  return (resource) => {
    resource[Symbol.asyncDispose]().catch((error: unknown) => {
      context.log.error("what the component dropped could not be closed", { error });
    });
  };
}
