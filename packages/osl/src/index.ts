export type { OsAccessOptions, RunOptions } from "./os-access.ts";
export { OsAccess } from "./os-access.ts";

export type {
  Argument,
  BindOperation,
  DirectoryOperation,
  FileOperation,
  HttpMethod,
  Named,
  HttpOperation,
  ListenOperation,
  NetworkOperation,
  OpenMode,
  Operation,
  OperationKind,
  ResolveOperation,
  SpawnOperation,
  TcpOperation,
  UdpOperation,
} from "./operation.ts";
export type { OperationResult, OperationResults } from "./operation-result.ts";
export { describe } from "./describe.ts";
export type { DirectoryEntry, EntryKind, EntryStat } from "./files/entry-stat.ts";
export type { OsFile } from "./files/os-file.ts";
export type { HttpResponse } from "./network/http-response.ts";
export type { OsConnection, WaitOptions } from "./network/os-connection.ts";
export type { OsListener } from "./network/os-listener.ts";
export type { Datagram, OsSocket } from "./network/os-socket.ts";
export type { OsProcess, ProcessExit, ProcessOutput } from "./processes/os-process.ts";

export type { Audit, Decide, Decision, DecisionRecord } from "./authorization.ts";
export { decideBy } from "./authorization.ts";
export type { Account, Usage } from "./usage.ts";
export type { Limits } from "./limits.ts";
export { DEFAULT_LIMITS } from "./limits.ts";
export type { Resolve } from "./network/resolver.ts";
export { systemResolve } from "./network/resolver.ts";
export type { Clock } from "./clock.ts";
export { systemClock } from "./clock.ts";

export type { Call, Middleware } from "./middleware/middleware.ts";
export type { RateLimit } from "./middleware/rate-limit.ts";
export { rateLimit } from "./middleware/rate-limit.ts";
export type { OperationLogged } from "./middleware/logging.ts";
export { logging } from "./middleware/logging.ts";
export type { RetryOptions } from "./middleware/retry.ts";
export { retry } from "./middleware/retry.ts";

export type { OslErrorCode } from "./errors.ts";
export {
  AccessClosedError,
  AccessDeniedError,
  AuditFailedError,
  InvalidOperationError,
  LimitExceededError,
  OperationCancelledError,
  OperationFailedError,
  OperationTimeoutError,
  OslError,
  PathChangedError,
  QuotaExceededError,
  RateLimitedError,
  RedirectRefusedError,
  TooManyOpenError,
  UnsuitableFileError,
  UnsuitableProgramError,
  UnsupportedPlatformError,
} from "./errors.ts";
