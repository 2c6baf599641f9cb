import type { Capability, FileAction } from "@airssys/security";
import { pairsOf } from "./named.ts";
import type { OpenMode, Operation } from "./operation.ts";
import { parseHttpUrl, targetOf } from "./network/target.ts";

/**
 * What the operation needs, as far as its words say. Where a path or a name leads is asked for again, once it is known.
 * @throws InvalidOperationError for an address that is none
 */
export function describe(operation: Operation): readonly Capability[] {
  switch (operation.kind) {
    case "file.read":
    case "file.stat":
    case "file.exists":
      return [file("read", operation.path)];
    case "file.open":
      return rightsOf(operation.mode).map((action) => file(action, operation.path));
    case "file.write":
    case "file.append":
    case "directory.create":
      return [file("write", operation.path)];
    case "file.delete":
    case "directory.remove":
      return [file("delete", operation.path)];
    case "file.rename":
      return [file("delete", operation.path), file("write", operation.to)];
    case "file.copy":
      return [file("read", operation.path), file("write", operation.to)];
    case "directory.list":
      return [file("list", operation.path)];
    case "http.request":
      return [{ kind: "connect", target: targetOf(parseHttpUrl(operation.url)) }];
    case "tcp.connect":
    case "udp.send":
    case "dns.resolve":
      return [{ kind: "connect", target: targetOf(operation) }];
    case "tcp.listen":
      return [{ kind: "listen", port: operation.port }];
    case "udp.bind":
      return operation.port === 0 ? [] : [{ kind: "listen", port: operation.port }];
    case "process.spawn":
      return [
        { kind: "spawn", program: operation.program },
        ...(operation.directory === undefined ? [] : [file("list", operation.directory)]),
        ...[...pairsOf(operation.environment ?? {}).map(([name]) => name), ...(operation.inherit ?? [])].map(
          (variable): Capability => ({
            kind: "environment",
            variable,
          }),
        ),
      ];
  }
}

/** What a file is opened for. */
export function rightsOf(mode: OpenMode): readonly FileAction[] {
  switch (mode) {
    case "read":
      return ["read"];
    case "read-write":
      return ["read", "write"];
    case "create":
    case "create-new":
      return ["write"];
  }
}

export function file(action: FileAction, path: string): Capability {
  return { kind: "file", action, path };
}
