import { copiedNamed } from "./named.ts";
import type { Argument, Operation } from "./operation.ts";

/** The operation as it is now: whatever its maker does to it later, what is decided on is what is performed. */
export function snapshotOf(operation: Operation): Operation {
  if (typeof operation !== "object" || operation === null) return operation;
  switch (operation.kind) {
    case "file.write":
    case "file.append":
    case "udp.send":
      return { ...operation, bytes: copied(operation.bytes) };
    case "http.request": {
      const { headers, body } = operation;
      return {
        ...operation,
        ...(headers && { headers: copiedNamed(headers) }),
        ...(body && { body: copied(body) }),
      };
    }
    case "process.spawn": {
      const { arguments: args, environment, inherit } = operation;
      return {
        ...operation,
        ...(Array.isArray(args) && { arguments: args.map(copiedArgument) }),
        ...(environment && { environment: copiedNamed(environment) }),
        ...(Array.isArray(inherit) && { inherit: [...inherit] }),
      };
    }
    case "file.read":
    case "file.open":
    case "file.delete":
    case "file.stat":
    case "file.exists":
    case "file.rename":
    case "file.copy":
    case "directory.list":
    case "directory.create":
    case "directory.remove":
    case "tcp.connect":
    case "tcp.listen":
    case "udp.bind":
    case "dns.resolve":
      return { ...operation };
    default:
      return operation;
  }
}

/** What is no such thing is left for the check to refuse. */
function copied(bytes: Uint8Array): Uint8Array {
  return bytes instanceof Uint8Array ? new Uint8Array(bytes) : bytes;
}

function copiedArgument(argument: Argument): Argument {
  return typeof argument === "object" ? { option: argument.option } : argument;
}
