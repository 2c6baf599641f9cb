import type { NetworkError } from "../generated/airssys-core-types-types.ts";
import type { Answers } from "./answer.ts";

/** What goes wrong with the network, to a component. */
export const NETWORK_ANSWERS: Answers<NetworkError["tag"]> = {
  codes: {
    OSL_DENIED: "not-permitted",
    OSL_AUDIT_FAILED: "not-permitted",
    OSL_OPERATION_INVALID: "invalid-request",
    OSL_PATH_CHANGED: "failed",
    OSL_FILE_UNSUITABLE: "failed",
    OSL_PROGRAM_UNSUITABLE: "failed",
    OSL_REDIRECT_REFUSED: "failed",
    OSL_LIMIT_EXCEEDED: "too-large",
    OSL_QUOTA_EXCEEDED: "quota-exceeded",
    OSL_RATE_LIMITED: "quota-exceeded",
    OSL_TOO_MANY_OPEN: "quota-exceeded",
    OSL_TIMEOUT: "timeout",
    OSL_CANCELLED: "timeout",
    OSL_CLOSED: "connection-closed",
    OSL_FAILED: "failed",
    OSL_PLATFORM_UNSUPPORTED: "failed",
  },
  systemCodes: {
    EAI_AGAIN: "name-not-resolved",
    EAI_FAIL: "name-not-resolved",
    ECONNREFUSED: "connection-refused",
    ECONNRESET: "connection-closed",
    ENODATA: "name-not-resolved",
    ENOTFOUND: "name-not-resolved",
    EPIPE: "connection-closed",
    ETIMEDOUT: "timeout",
  },
};
