import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { seededRandom } from "@airssys/storage/conformance";
import { describe, expect, it } from "vitest";
import { type Namespace, openSqliteStore, type Usage } from "../src/index.ts";
import { textAt } from "./bytes.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

/** `AIRSSYS_CRASHES=200` kills more often than every run of the tests needs to. */
const ROUNDS = Number(process.env["AIRSSYS_CRASHES"] ?? 5);
const program = fileURLToPath(new URL("programs/write-until-killed.ts", import.meta.url));

/** Lets the program write, kills it with `kill -9` after so many acknowledgements, and returns the last of each lane. */
async function writeUntilKilled(file: string, round: number, acknowledgements: number): Promise<Map<number, number>> {
  const child = spawn(process.execPath, [program, file, String(round)], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const last = new Map<number, number>();
  let seen = 0;
  // What it had still said when it was killed is in the pipe, and counts.
  for await (const line of createInterface({ input: child.stdout })) {
    const [lane = 0, count = 0] = line.split(" ").map(Number);
    last.set(lane, count);
    seen += 1;
    if (seen === acknowledgements) child.kill("SIGKILL");
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
  return last;
}

/** What is not as it was acknowledged, in words. */
async function lost(orders: Namespace, round: number, last: Map<number, number>): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [lane, lastCount] of last) {
    for (let count = 0; count <= lastCount; count += 1) {
      const key = `${round}/${lane}/${count}`;
      const text = await textAt(orders, key);
      // Every third write deletes the key before its own; of the last one it is not known whether that has happened yet.
      const mayBeGone = count % 3 === 1;
      const mustBeGone = mayBeGone && count < lastCount;
      if (text === undefined ? !mayBeGone : mustBeGone || text.trimEnd() !== key)
        problems.push(`${key}: ${text?.trimEnd()}`);
    }
    const [left = "none", right = "none"] = [
      await textAt(orders, `left/${lane}`),
      await textAt(orders, `right/${lane}`),
    ];
    if (left !== right) problems.push(`one batch wrote ${left} and ${right}`);
    const lastBatch = lastCount - ((lastCount + 1) % 3);
    const isOld = left.startsWith(`${round}/`) ? Number(left.split("/")[2]) < lastBatch : lastBatch >= 0;
    if (isOld) problems.push(`${left} is older than batch ${lastBatch}`);
  }
  return problems;
}

/** What is counted, and what there is. */
async function usages(orders: Namespace): Promise<{ readonly counted: Usage; readonly found: Usage }> {
  let [keys, bytes] = [0, 0];
  for await (const { key, value } of orders.entries()) {
    keys += 1;
    bytes += Buffer.byteLength(key) + value.length;
  }
  return { counted: await orders.usage(), found: { keys, bytes } };
}

describe("a process that is killed while it writes", () => {
  it(`has lost no write that was acknowledged, and left no half of a batch (${ROUNDS} times)`, async () => {
    using folder = new TemporaryFolder();
    const random = seededRandom(ROUNDS);
    for (let round = 0; round < ROUNDS; round += 1) {
      const last = await writeUntilKilled(folder.file(), round, 1 + random(200));
      await using store = await openSqliteStore(folder.file());
      const orders = store.namespace("orders");
      expect(await lost(orders, round, last)).toEqual([]);
      const { counted, found } = await usages(orders);
      expect(counted).toEqual(found);
    }
  });
});
