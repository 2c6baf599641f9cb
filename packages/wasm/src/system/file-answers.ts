import type { FileError } from "../generated/airssys-core-types-types.ts";
import type { Answers } from "./answer.ts";

/** What goes wrong with files, to a component. */
export const FILE_ANSWERS: Answers<FileError["tag"]> = {
  codes: {
    OSL_DENIED: "not-permitted",
    OSL_AUDIT_FAILED: "not-permitted",
    OSL_OPERATION_INVALID: "invalid-path",
    OSL_PATH_CHANGED: "failed",
    OSL_FILE_UNSUITABLE: "failed",
    OSL_PROGRAM_UNSUITABLE: "failed",
    OSL_REDIRECT_REFUSED: "failed",
    OSL_LIMIT_EXCEEDED: "too-large",
    OSL_QUOTA_EXCEEDED: "no-room",
    OSL_RATE_LIMITED: "failed",
    OSL_TOO_MANY_OPEN: "no-room",
    OSL_TIMEOUT: "failed",
    OSL_CANCELLED: "failed",
    OSL_CLOSED: "failed",
    OSL_FAILED: "failed",
    OSL_PLATFORM_UNSUPPORTED: "failed",
  },
  systemCodes: {
    EACCES: "not-permitted",
    EDQUOT: "no-room",
    EEXIST: "already-exists",
    EFBIG: "too-large",
    EISDIR: "is-a-directory",
    ELOOP: "invalid-path",
    ENAMETOOLONG: "invalid-path",
    ENOENT: "not-found",
    ENOSPC: "no-room",
    ENOTDIR: "not-a-directory",
    ENOTEMPTY: "directory-not-empty",
    EPERM: "not-permitted",
    EROFS: "not-permitted",
  },
};
