// Counts up a number in the store in the file that is named, so many times, together with others, and then fills the namespace "full"
// with as many entries as its quota allows. Prints how many of these are its own. Usage: count-up.ts FILE TIMES NAME
import { openSqliteStore } from "../../src/index.ts";

const [file = "", times = "", name = ""] = process.argv.slice(2);
await using store = await openSqliteStore(file);
const counters = store.namespace("counters");

for (let done = 0; done < Number(times);) {
  const entry = await counters.get("a");
  const count = entry === undefined ? 0 : new DataView(entry.value.buffer).getUint32(0);
  const next = new Uint8Array(4);
  new DataView(next.buffer).setUint32(0, count + 1);
  const { type } = await counters.compareAndSet("a", entry?.version, next);
  if (type === "applied") done += 1;
}

const full = store.namespace("full", { quotaBytes: 10_000 });
let own = 0;
try {
  for (;;) {
    await full.set(`${name}${String(own).padStart(4, "0")}`, new Uint8Array(95));
    own += 1;
  }
} catch (error) {
  if (Reflect.get(Object(error), "code") !== "STORAGE_QUOTA_EXCEEDED") throw error;
}
console.log(own);
