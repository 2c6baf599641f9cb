import type { Capability, FileAction } from "@airssys/security";
import { file } from "./describe.ts";
import type { Operation } from "./operation.ts";

/**
 * What an operation that was not even decided on was after, in the words it was written in: for a record, and not to be decided on. What is
 * no operation was after nothing. Anything may be in its fields.
 */
export function attemptedBy(operation: Operation | undefined): Capability {
  return (operation && inItsWords(operation)) ?? on("read", "");
}

/** Every kind there is has a case, which the compiler sees to; of any other there is nothing. */
function inItsWords(operation: Operation): Capability {
  switch (operation.kind) {
    case "file.read":
    case "file.stat":
    case "file.exists":
    case "file.copy":
      return on("read", operation.path);
    case "file.open":
      return on(operation.mode === "read" ? "read" : "write", operation.path);
    case "file.write":
    case "file.append":
    case "directory.create":
      return on("write", operation.path);
    case "file.delete":
    case "file.rename":
    case "directory.remove":
      return on("delete", operation.path);
    case "directory.list":
      return on("list", operation.path);
    case "http.request":
      return { kind: "connect", target: said(operation.url) };
    case "tcp.connect":
    case "udp.send":
    case "dns.resolve":
      return { kind: "connect", target: `${said(operation.host)}:${said(operation.port)}` };
    case "tcp.listen":
    case "udp.bind":
      return { kind: "listen", port: Number(said(operation.port)) };
    case "process.spawn":
      return { kind: "spawn", program: said(operation.program) };
  }
}

function on(action: FileAction, path: unknown): Capability {
  return file(action, said(path));
}

function said(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : `a ${typeof value}`;
}
