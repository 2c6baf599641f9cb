// Whether an operation is written so that it can mean one thing only. Operations come from guests: they may be anything.
import { InvalidOperationError, LimitExceededError } from "./errors.ts";
import { type Limits, LONGEST_MS } from "./limits.ts";
import { checkHttp } from "./network/check-http.ts";
import type { OpenMode, Operation } from "./operation.ts";
import { checkSpawn } from "./processes/check-spawn.ts";

/** Of one datagram over IPv4. */
const MOST_DATAGRAM_BYTES = 65_507;

/**
 * @throws InvalidOperationError for what is no operation
 * @throws LimitExceededError for more bytes than may be written or sent
 */
export function checkOperation(operation: Operation, limits: Limits): void {
  if (typeof operation !== "object" || operation === null)
    throw new InvalidOperationError("an operation", "kind", "an operation", `a ${typeof operation}`);
  switch (operation.kind) {
    case "file.write":
    case "file.append":
      checkPath(operation.kind, "path", operation.path);
      return checkBytes(operation.kind, operation.bytes, limits.fileBytes);
    case "file.open":
      checkPath(operation.kind, "path", operation.path);
      return checkMode(operation.kind, operation.mode);
    case "file.read":
      checkPath(operation.kind, "path", operation.path);
      return checkMost(operation.kind, "mostBytes", operation.mostBytes);
    case "file.delete":
    case "file.stat":
    case "file.exists":
    case "directory.list":
    case "directory.create":
    case "directory.remove":
      return checkPath(operation.kind, "path", operation.path);
    case "file.rename":
    case "file.copy":
      checkPath(operation.kind, "path", operation.path);
      return checkPath(operation.kind, "to", operation.to);
    case "http.request":
      checkHttp(operation, limits);
      checkMost(operation.kind, "mostResponseBytes", operation.mostResponseBytes);
      return operation.body && checkBytes(operation.kind, operation.body, limits.requestBytes);
    case "udp.send":
      checkEndpoint(operation.kind, operation.host, operation.port);
      return checkBytes(operation.kind, operation.bytes, MOST_DATAGRAM_BYTES);
    case "tcp.connect":
    case "dns.resolve":
      return checkEndpoint(operation.kind, operation.host, operation.port);
    case "tcp.listen":
      return checkPort(operation.kind, operation.port, 1);
    case "udp.bind":
      return checkPort(operation.kind, operation.port, 0);
    case "process.spawn":
      checkPath(operation.kind, "program", operation.program);
      if (operation.directory !== undefined) checkPath(operation.kind, "directory", operation.directory);
      return checkSpawn(operation, limits);
    default:
      throw new InvalidOperationError("an operation", "kind", "a known kind", "another");
  }
}

/** @throws InvalidOperationError for what no timer can keep */
export function checkTimeout(operation: string, timeoutMs: number): void {
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > LONGEST_MS)
    throw new InvalidOperationError(
      operation,
      "timeoutMs",
      `a whole number from 1 to ${LONGEST_MS}`,
      String(timeoutMs),
    );
}

/** Rewritten is nothing: a path that would have to be could name another file than the one that is decided on. */
function checkPath(kind: string, field: string, path: unknown): void {
  if (typeof path !== "string") throw new InvalidOperationError(kind, field, "a path", `a ${typeof path}`);
  const refuse = (expected: string): never => {
    throw new InvalidOperationError(kind, field, expected, JSON.stringify(path));
  };
  if (path.includes("\0")) refuse("a path without NUL");
  if (!path.isWellFormed()) refuse("a path of whole characters");
  if (!path.startsWith("/")) refuse("an absolute path");
  if (path === "/") return;
  const names = path.slice(1).split("/");
  if (names.some((name) => name === "" || name === "." || name === "..")) refuse("a normalised path");
}

function checkMost(kind: string, field: string, most: number | undefined): void {
  if (most !== undefined && !(Number.isSafeInteger(most) && most >= 0))
    throw new InvalidOperationError(kind, field, "a number of bytes", `${typeof most} ${most}`);
}

function checkBytes(kind: string, bytes: unknown, most: number): void {
  if (!(bytes instanceof Uint8Array)) throw new InvalidOperationError(kind, "bytes", "bytes", `a ${typeof bytes}`);
  if (bytes.length > most) throw new LimitExceededError(kind, most, "bytes");
}

const MODES: readonly OpenMode[] = ["read", "read-write", "create", "create-new"];

function checkMode(kind: string, mode: OpenMode): void {
  if (!MODES.includes(mode))
    throw new InvalidOperationError(kind, "mode", `one of ${MODES.join(", ")}`, JSON.stringify(mode) ?? typeof mode);
}

function checkPort(kind: string, port: unknown, least: number): void {
  if (typeof port !== "number" || !Number.isInteger(port) || port < least || port > 65_535)
    throw new InvalidOperationError(
      kind,
      "port",
      `a whole number from ${least} to 65535`,
      `${typeof port} ${String(port)}`,
    );
}

function checkEndpoint(kind: string, host: unknown, port: unknown): void {
  if (typeof host !== "string" || host === "" || /[\s\0]/.test(host))
    throw new InvalidOperationError(kind, "host", "a name or an address", JSON.stringify(host) ?? `a ${typeof host}`);
  checkPort(kind, port, 1);
}
