// Opens the store in each file that is named, writes so many bytes, and prints for each file what came of it, as JSON.
// Usage: try-to-write.ts BYTES FILE...
import { openSqliteStore } from "../../src/index.ts";

const [bytes, ...files] = process.argv.slice(2);
const outcomes: unknown[] = [];
for (const file of files) {
  try {
    await using store = await openSqliteStore(file);
    await store.namespace("orders").set("a", new Uint8Array(Number(bytes)));
    outcomes.push("written");
  } catch (error) {
    outcomes.push(error instanceof Error && "code" in error ? error.code : String(error));
  }
}
console.log(JSON.stringify(outcomes));
