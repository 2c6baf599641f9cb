import type { DirectoryEntry, EntryStat } from "./files/entry-stat.ts";
import type { OsFile } from "./files/os-file.ts";
import type { HttpResponse } from "./network/http-response.ts";
import type { OsConnection } from "./network/os-connection.ts";
import type { OsListener } from "./network/os-listener.ts";
import type { OsSocket } from "./network/os-socket.ts";
import type { OsProcess } from "./processes/os-process.ts";
import type { Operation } from "./operation.ts";

/** What each operation gives. */
export interface OperationResults {
  readonly "file.read": Uint8Array;
  readonly "file.open": OsFile;
  readonly "file.write": undefined;
  readonly "file.append": undefined;
  readonly "file.delete": undefined;
  readonly "file.stat": EntryStat;
  readonly "file.exists": boolean;
  readonly "file.rename": undefined;
  readonly "file.copy": undefined;
  readonly "directory.list": readonly DirectoryEntry[];
  readonly "directory.create": undefined;
  readonly "directory.remove": undefined;
  readonly "http.request": HttpResponse;
  readonly "tcp.connect": OsConnection;
  readonly "tcp.listen": OsListener;
  readonly "udp.bind": OsSocket;
  readonly "udp.send": undefined;
  readonly "dns.resolve": readonly string[];
  readonly "process.spawn": OsProcess;
}

export type OperationResult<Asked extends Operation> = OperationResults[Asked["kind"]];
