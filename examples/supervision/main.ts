// A shop whose parts fail, and what its supervisors do about it.
//   pnpm example supervision
import { ActorSystem, type Actor, type LifecycleEventType, type TreeNode } from "@airssys/rt";
import { buildComponent } from "@airssys/guest";
import { call, ComponentHost } from "@airssys/wasm";

const folder = new URL("guests/percent/", import.meta.url);
await buildComponent({
  language: "wat",
  source: new URL("percent.wat", folder),
  wit: folder,
  world: "percent",
  output: new URL("build/percent.wasm", folder),
});

/** Counts orders, and crashes on one that has no items. What it counted is lost with it: a restart is a fresh start. */
class Orders implements Actor<{ readonly items: readonly string[] }> {
  #count = 0;
  receive({ items }: { readonly items: readonly string[] }): number {
    if (items.length === 0) throw new Error("an order without items");
    this.#count += 1;
    return this.#count;
  }
}

await using system = new ActorSystem("shop", { log: false }); // the trees tell of crashes
const percent = await new ComponentHost(system).install(new URL("Component.toml", folder));
const shop = await system.supervise({
  id: "shop",
  strategy: "one-for-one",
  children: [
    { id: "orders", start: () => new Orders() },
    { id: "mailer", start: () => ({ receive: (_: "done", context) => context.stop() }), restart: "transient" },
    { id: "pricing", strategy: "one-for-one", children: [percent.childSpec()] },
  ],
});
print("All is well.");

const orders = shop.child("orders");
await orders.ask({ items: ["book"] });
await crash("actor-restarted", () => orders.ask({ items: [] }));
print("An order without items: orders crashed and was restarted.");

const percentage = (part: number, whole: number) =>
  shop
    .supervisor("pricing")
    .child("percent")
    .ask(call("percent", part, whole));
await crash("actor-restarted", () => percentage(1, 0));
print(
  `A division by zero: the component trapped, and a fresh instance says that 1 of 4 is ${String(await percentage(1, 4))} %.`,
);

await crash("supervisor-started", () => percentage(1, 0));
print("Once more: that was one crash too many for pricing, so pricing gave up, and shop restarted it whole.");

await crash("actor-stopped", () => shop.child("mailer").ask("done"));
print("The mailer was done: it is transient, so it stays down.");

/** Does something that ends an actor, and waits until the supervisors have dealt with it. */
async function crash(until: LifecycleEventType, act: () => Promise<unknown>): Promise<void> {
  const dealtWith = new Promise<void>((resolve) => system.events.on(until, () => resolve()));
  await act().catch(() => undefined);
  await dealtWith;
}

function print(title: string): void {
  console.log(`${title}\n${draw(system.tree(), "")}`);
}

function draw({ path, kind, state, restarts, children }: TreeNode, indent: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const line = `${indent}${name}${kind === "supervisor" ? "/" : ""} ${state}${restarts > 0 ? `, restarts: ${restarts}` : ""}\n`;
  return line + children.map((child) => draw(child, `${indent}  `)).join("");
}
