import type { ProcessError } from "../generated/airssys-core-types-types.ts";
import type { Answers } from "./answer.ts";

/** What goes wrong with programs, to a component. */
export const PROCESS_ANSWERS: Answers<ProcessError["tag"]> = {
  codes: {
    OSL_DENIED: "not-permitted",
    OSL_AUDIT_FAILED: "not-permitted",
    OSL_OPERATION_INVALID: "invalid-argument",
    OSL_PATH_CHANGED: "failed",
    OSL_FILE_UNSUITABLE: "failed",
    OSL_PROGRAM_UNSUITABLE: "failed",
    OSL_REDIRECT_REFUSED: "failed",
    OSL_LIMIT_EXCEEDED: "quota-exceeded",
    OSL_QUOTA_EXCEEDED: "quota-exceeded",
    OSL_RATE_LIMITED: "quota-exceeded",
    OSL_TOO_MANY_OPEN: "quota-exceeded",
    OSL_TIMEOUT: "timeout",
    OSL_CANCELLED: "timeout",
    OSL_CLOSED: "closed",
    OSL_FAILED: "failed",
    OSL_PLATFORM_UNSUPPORTED: "failed",
  },
  systemCodes: {
    EACCES: "not-permitted",
    ENOENT: "not-found",
    ENOTDIR: "not-found",
    EPIPE: "closed",
    ERR_STREAM_DESTROYED: "closed",
    ERR_STREAM_WRITE_AFTER_END: "closed",
  },
};
