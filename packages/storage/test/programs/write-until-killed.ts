// Writes to the store in the file that is named until somebody kills it, and prints a line for each write once it is acknowledged.
// Usage: write-until-killed.ts FILE ROUND
import { openSqliteStore } from "../../src/index.ts";

const [file = "", round = ""] = process.argv.slice(2);
const store = await openSqliteStore(file);
const orders = store.namespace("orders");
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

/** Several at once, so that some are waiting, some on their way to the disk, and some acknowledged when the end comes. */
async function write(lane: number): Promise<never> {
  for (let count = 0; ; count += 1) {
    const key = `${round}/${lane}/${count}`;
    if (count % 3 === 2) {
      await orders.batch([
        { type: "set", key, value: bytes(key) },
        { type: "set", key: `left/${lane}`, value: bytes(key) },
        { type: "set", key: `right/${lane}`, value: bytes(key) },
        { type: "delete", key: `${round}/${lane}/${count - 1}` },
      ]);
    } else {
      await orders.set(key, bytes(key.padEnd(count % 7 === 0 ? 20_000 : 50)));
    }
    process.stdout.write(`${lane} ${count}\n`);
  }
}

await Promise.all([0, 1, 2, 3, 4].map(write));
