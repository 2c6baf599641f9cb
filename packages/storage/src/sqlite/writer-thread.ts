// The thread that writes: it waits for the disk and for locks, so that the event loop of the program does not.
import { parentPort, workerData } from "node:worker_threads";
import type { Command, Outcome } from "./command.ts";
import { connectToWrite, type WritingOptions } from "./connection.ts";
import { prepareFile } from "./file-format.ts";
import { performGroup } from "./group.ts";
import { failureOf, type SqliteFailure } from "./sqlite-failure.ts";
import { SqliteTables } from "./sqlite-tables.ts";

export interface WriterData {
  readonly file: string;
  readonly options: WritingOptions;
}

/** What it is sent: commands to perform, or that it is to end. */
export type Request = readonly Command[] | "close";

/** What it says first, before it is sent anything. */
export type Start = "ready" | { readonly failure: SqliteFailure } | { readonly foreign: string };

/** What it answers to each group of commands. */
export type Reply = readonly Outcome[];

const { file, options } = workerData as WriterData;

function say(message: Start | Reply): void {
  parentPort?.postMessage(message, []);
}

function start(): void {
  const database = connectToWrite(file, options);
  const foreign = prepareFile(database);
  if (foreign !== undefined) {
    database.close();
    say({ foreign });
    return;
  }
  const tables = new SqliteTables(database);
  parentPort?.on("message", (request: Request) => {
    if (request === "close") {
      database.close();
      parentPort?.close();
    } else {
      say(performGroup(database, tables, request));
    }
  });
  say("ready");
}

try {
  start();
} catch (error) {
  say({ failure: failureOf(error) });
}
