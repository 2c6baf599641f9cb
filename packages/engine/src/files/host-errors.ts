import { isSystemError } from "../preparation/cache-directory.ts";
import type { FileErrorCode } from "./guest-files.ts";

/** What the guest is told for what the operating system said. */
const CODES: ReadonlyMap<string, FileErrorCode> = new Map<string, FileErrorCode>([
  ["EACCES", "access"],
  ["EAGAIN", "would-block"],
  ["EALREADY", "already"],
  ["EBADF", "bad-descriptor"],
  ["EBUSY", "busy"],
  ["EDEADLK", "deadlock"],
  ["EDQUOT", "quota"],
  ["EEXIST", "exist"],
  ["EFBIG", "file-too-large"],
  ["EILSEQ", "illegal-byte-sequence"],
  ["EINPROGRESS", "in-progress"],
  ["EINTR", "interrupted"],
  ["EINVAL", "invalid"],
  ["EIO", "io"],
  ["EISDIR", "is-directory"],
  ["ELOOP", "loop"],
  ["EMFILE", "insufficient-memory"],
  ["EMLINK", "too-many-links"],
  ["EMSGSIZE", "message-size"],
  ["ENAMETOOLONG", "name-too-long"],
  ["ENFILE", "insufficient-memory"],
  ["ENODEV", "no-device"],
  ["ENOENT", "no-entry"],
  ["ENOLCK", "no-lock"],
  ["ENOMEM", "insufficient-memory"],
  ["ENOSPC", "insufficient-space"],
  ["ENOSYS", "unsupported"],
  ["ENOTDIR", "not-directory"],
  ["ENOTEMPTY", "not-empty"],
  ["ENOTRECOVERABLE", "not-recoverable"],
  ["ENOTSUP", "unsupported"],
  ["ENOTTY", "no-tty"],
  ["ENXIO", "no-such-device"],
  ["EOPNOTSUPP", "unsupported"],
  ["EOVERFLOW", "overflow"],
  ["EPERM", "not-permitted"],
  ["EPIPE", "pipe"],
  ["EROFS", "read-only"],
  ["ESPIPE", "invalid-seek"],
  ["ETXTBSY", "text-file-busy"],
  ["EXDEV", "cross-device"],
]);

/**
 * Runs something of the operating system. What that refuses is thrown as a FileErrorCode: no message and no path of the host reaches a
 * guest. Anything else thrown is passed on.
 */
export function answering<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw codeOf(error.code);
  }
}

/** "io" for what has no other word. */
export function codeOf(systemCode: string | undefined): FileErrorCode {
  return CODES.get(systemCode ?? "") ?? "io";
}
