// Writes to the store in the file that is named, and ends without waiting for it or closing the store.
import { openSqliteStore } from "../../src/index.ts";

const store = await openSqliteStore(process.argv[2] ?? "");
await store.namespace("orders").set("awaited", Uint8Array.of(1));
void store.namespace("orders").set("left", Uint8Array.of(2));
