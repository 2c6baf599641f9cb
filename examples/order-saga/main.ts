// An order is charged, then reserved, and refunded when it cannot be. The component that sees to it crashes in the middle of one.
//   pnpm example order-saga
import { ActorSystem } from "@airssys/rt";
import { ComponentHost, decodePayload, rawPayload, type ComponentMessage } from "@airssys/wasm";
import { build } from "./build.ts";

await build();
await using system = new ActorSystem("shop", { log: false }); // whoever orders is told of the crash
const host = new ComponentHost(system);
const parts = [];
for (const name of ["till", "stock", "saga"]) {
  parts.push(await host.install(new URL(`guests/${name}/Component.toml`, import.meta.url)));
}
const shop = await system.supervise({
  id: "shop",
  strategy: "one-for-one",
  children: parts.map((part) => part.childSpec()),
});

await order("o1 lamp 40");
await order("o2 unicorn 90"); // charged before the stock is asked, which has none
await order("o3 palace 900");

// The lamps are sold out: the order is charged and waits for the next one. Meanwhile the saga is told what it was not written for.
const waits = order("o4 lamp 40");
await tell("saga", "sing").catch(() => undefined);
await waits;
const again = order("o4 lamp 40");
await tell("stock", "deliver lamp");
await again;

console.log(`In the till are ${await tell("till", "balance")} euros for two lamps.`);

async function order(what: string): Promise<void> {
  const outcome = await tell("saga", `order ${what}`).catch(({ code }: { code: string }) => code);
  console.log(`${what.padEnd(13)} ${outcome}`);
}

async function tell(whom: string, what: string): Promise<string> {
  const reply = await shop.child<ComponentMessage>(whom).ask(rawPayload(Buffer.from(what)));
  return Buffer.from(decodePayload(reply ?? new Uint8Array()).body).toString();
}
