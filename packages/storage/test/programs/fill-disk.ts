// Writes entries into the file that is named until it fails, opens it anew, and prints what came of it and what is there, as JSON.
import { openSqliteStore } from "../../src/index.ts";

const file = process.argv[2] ?? "";
let written = 0;
let code: unknown;
{
  await using store = await openSqliteStore(file);
  const orders = store.namespace("orders");
  try {
    for (;;) {
      await orders.set(`key-${written}`, new Uint8Array(5000));
      written += 1;
    }
  } catch (error) {
    code = Reflect.get(Object(error), "code");
  }
}
await using store = await openSqliteStore(file);
let found = 0;
for await (const { value } of store.namespace("orders").entries()) found += value.length === 5000 ? 1 : 0;
console.log(JSON.stringify({ code, isSome: written > 0, lost: written - found }));
