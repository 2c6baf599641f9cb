import { type Clock, pause } from "../clock.ts";
import { OperationFailedError } from "../errors.ts";
import type { Operation } from "../operation.ts";
import type { Middleware } from "./middleware.ts";

export interface RetryOptions {
  /** Times it is tried in all. */
  readonly attempts: number;
  /** Before the second attempt; twice as long before each further one. */
  readonly pauseMs: number;
}

/** What the system says when the same may go well a little later. */
const TRANSIENT: ReadonlySet<string> = new Set([
  "EAGAIN",
  "EAI_AGAIN",
  "EBUSY",
  "ECONNREFUSED",
  "ECONNRESET",
  "EMFILE",
  "ENETUNREACH",
  "ENFILE",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Tries again what failed for a passing reason and changes nothing by being done twice. Refusals are never tried again. */
export function retry({ attempts, pauseMs }: RetryOptions, clock: Clock): Middleware {
  return {
    name: "retry",
    around: async ({ operation, signal }, next) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await next();
        } catch (error) {
          if (attempt >= attempts || !isRepeatable(operation) || !isTransient(error)) throw error;
        }
        await pause(clock, pauseMs * 2 ** (attempt - 1), signal);
      }
    },
  };
}

function isTransient(error: unknown): boolean {
  return error instanceof OperationFailedError && TRANSIENT.has(error.systemCode ?? "");
}

function isRepeatable(operation: Operation): boolean {
  switch (operation.kind) {
    case "file.read":
    case "file.stat":
    case "file.exists":
    case "directory.list":
    case "tcp.connect":
    case "dns.resolve":
      return true;
    case "http.request":
      return operation.method === undefined || operation.method === "GET" || operation.method === "HEAD";
    case "file.open":
      return operation.mode === "read" || operation.mode === "read-write";
    case "file.write":
    case "file.append":
    case "file.delete":
    case "file.rename":
    case "file.copy":
    case "directory.create":
    case "directory.remove":
    case "tcp.listen":
    case "udp.bind":
    case "udp.send":
    case "process.spawn":
      return false;
  }
}
