import type { DatabaseSync } from "node:sqlite";
import { type Command, isCommit, type Outcome } from "./command.ts";
import { failureOf, isBusy, type SqliteFailure } from "./sqlite-failure.ts";
import type { SqliteTables } from "./sqlite-tables.ts";

/**
 * Performs commands in their order in one transaction, so that they share the wait for the disk. If it fails, all are performed anew,
 * each in a transaction of its own: then only those fail that cannot be, such as the one for which there is no room.
 */
export function performGroup(
  database: DatabaseSync,
  tables: SqliteTables,
  commands: readonly Command[],
): readonly Outcome[] {
  const outcomes = together(database, tables, commands);
  const failure = failureIn(outcomes);
  if (failure === undefined || isBusy(failure) || commands.length === 1) return outcomes;
  return oneByOne(database, tables, commands);
}

function oneByOne(database: DatabaseSync, tables: SqliteTables, commands: readonly Command[]): readonly Outcome[] {
  const all: Outcome[] = [];
  for (const command of commands) {
    const outcomes = together(database, tables, [command]);
    // Each would wait for the lock again, all of them for a very long time.
    const failure = failureIn(outcomes);
    if (failure !== undefined && isBusy(failure))
      return [...all, ...commands.slice(all.length).flatMap(() => outcomes)];
    all.push(...outcomes);
  }
  return all;
}

/** The answers, or for every command the same failure, and then none of them has changed anything. */
function together(database: DatabaseSync, tables: SqliteTables, commands: readonly Command[]): readonly Outcome[] {
  try {
    // A transaction that will write takes its lock first: it could not wait for it once it has read.
    database.exec(commands.some(isCommit) ? "BEGIN IMMEDIATE" : "BEGIN");
    const answers = commands.map(({ method, args }): unknown => Reflect.apply(tables[method], tables, args));
    tables.finish();
    database.exec("COMMIT");
    return answers.map((answer) => ({ answer }));
  } catch (error) {
    const failure = failureOf(error);
    tables.abandon();
    if (database.isTransaction) database.exec("ROLLBACK");
    return commands.map(() => ({ failure }));
  }
}

/** The failure that is the same for all. */
function failureIn([first]: readonly Outcome[]): SqliteFailure | undefined {
  return first !== undefined && "failure" in first ? first.failure : undefined;
}
