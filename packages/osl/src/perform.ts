// The only place from which the system is touched.
import { openFile } from "./files/os-file.ts";
import { appendBytes, copyFile, deleteFile, exists, readWhole, renameFile, statEntry } from "./files/perform-file.ts";
import { replaceFile } from "./files/replace-file.ts";
import { createDirectory, listDirectory, removeDirectory } from "./files/perform-directory.ts";
import { connectTcp } from "./network/connect-tcp.ts";
import { listenTcp } from "./network/os-listener.ts";
import { bindUdp } from "./network/os-socket.ts";
import { requestOverHttp } from "./network/http-exchange.ts";
import { grantedAddresses } from "./network/resolver.ts";
import { sendUdp } from "./network/send-udp.ts";
import type { Operation, OperationKind } from "./operation.ts";
import type { OperationResults } from "./operation-result.ts";
import type { Performing } from "./performing.ts";
import { spawnProcess } from "./processes/spawn-process.ts";

export async function perform(operation: Operation, performing: Performing): Promise<OperationResults[OperationKind]> {
  switch (operation.kind) {
    case "file.read":
      return readWhole(operation, performing);
    case "file.open":
      return openFile(operation, performing);
    case "file.write":
      return done(replaceFile(operation, performing));
    case "file.append":
      return done(appendBytes(operation, performing));
    case "file.delete":
      return done(deleteFile(operation.path, performing));
    case "file.stat":
      return statEntry(operation.path, performing);
    case "file.exists":
      return exists(operation.path, performing);
    case "file.rename":
      return done(renameFile(operation.path, operation.to, performing));
    case "file.copy":
      return done(copyFile(operation.path, operation.to, performing));
    case "directory.list":
      return listDirectory(operation.path, performing);
    case "directory.create":
      return done(createDirectory(operation.path, operation.parents === true, performing));
    case "directory.remove":
      return done(removeDirectory(operation.path, operation.recursive === true, performing));
    case "http.request":
      return requestOverHttp(operation, performing);
    case "tcp.connect":
      return connectTcp(operation, performing);
    case "tcp.listen":
      return listenTcp(operation, performing);
    case "udp.bind":
      return bindUdp(operation, performing);
    case "udp.send":
      return done(sendUdp(operation, performing));
    case "dns.resolve":
      return grantedAddresses(operation, performing);
    case "process.spawn":
      return spawnProcess(operation, performing);
  }
}

async function done(performing: Promise<void>): Promise<undefined> {
  await performing;
  return undefined;
}
