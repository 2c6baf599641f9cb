import type { Capability } from "@airssys/security";
import { file, rightsOf } from "./describe.ts";
import type { Operation } from "./operation.ts";

/**
 * What an operation that was not even decided on was after, in the words it was written in: for a record, and not to be decided on. What is
 * no operation was after nothing.
 */
export function attemptedBy(operation: Operation): Capability {
  switch (operation?.kind) {
    case "file.read":
    case "file.stat":
    case "file.exists":
    case "file.copy":
      return file("read", operation.path);
    case "file.open":
      return file(rightsOf(operation.mode)?.at(-1) ?? "read", operation.path);
    case "file.write":
    case "file.append":
    case "directory.create":
      return file("write", operation.path);
    case "file.delete":
    case "file.rename":
    case "directory.remove":
      return file("delete", operation.path);
    case "directory.list":
      return file("list", operation.path);
    case "http.request":
      return { kind: "connect", target: operation.url };
    case "tcp.connect":
    case "udp.send":
    case "dns.resolve":
      return { kind: "connect", target: `${operation.host}:${operation.port}` };
    case "tcp.listen":
    case "udp.bind":
      return { kind: "listen", port: operation.port };
    case "process.spawn":
      return { kind: "spawn", program: operation.program };
    default:
      return file("read", "");
  }
}
