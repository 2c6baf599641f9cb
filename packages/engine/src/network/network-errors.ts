import { isSystemError } from "../preparation/cache-directory.ts";
import type { NetworkErrorCode } from "./guest-network.ts";

/** What the guest is told for what the operating system said. */
const CODES: ReadonlyMap<string, NetworkErrorCode> = new Map<string, NetworkErrorCode>([
  ["EACCES", "access-denied"],
  ["EADDRINUSE", "address-in-use"],
  ["EADDRNOTAVAIL", "address-not-bindable"],
  ["EAI_AGAIN", "temporary-resolver-failure"],
  ["EAI_FAIL", "permanent-resolver-failure"],
  ["ECONNABORTED", "connection-aborted"],
  ["ECONNREFUSED", "connection-refused"],
  ["ECONNRESET", "connection-reset"],
  ["EHOSTUNREACH", "remote-unreachable"],
  ["EMFILE", "new-socket-limit"],
  ["ENETDOWN", "remote-unreachable"],
  ["ENETUNREACH", "remote-unreachable"],
  ["ENFILE", "new-socket-limit"],
  ["ENOBUFS", "out-of-memory"],
  ["ENODATA", "name-unresolvable"],
  ["ENOMEM", "out-of-memory"],
  ["ENOTFOUND", "name-unresolvable"],
  ["EPERM", "access-denied"],
  ["EPIPE", "connection-reset"],
  ["ETIMEDOUT", "timeout"],
]);

/** The code for what the system refused, "unknown" where it has no other word; and any other error as it is. */
export function networkCodeOf(error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return CODES.get(error.code ?? "") ?? ("unknown" satisfies NetworkErrorCode);
}
