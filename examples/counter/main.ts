// A component that counts, and what becomes of its number when it crashes, is stopped, and is replaced while it runs: as a snapshot, and in
// storage.
//   pnpm example counter
import { ActorSystem, type ActorRef } from "@airssys/rt";
import { openMemoryStore } from "@airssys/storage";
import { ComponentHost, rawPayload, type ComponentMessage } from "@airssys/wasm";
import { build } from "./build.ts";

const guests = new URL("guests/", import.meta.url);
await build(guests);

await using storage = openMemoryStore(); // `openSqliteStore(file)` keeps it for the next process too
await using system = new ActorSystem("counter", { log: false });
const host = new ComponentHost(system, { storage, writeLog: () => undefined }); // they crash on purpose
const component = await host.install(new URL("counter/Component.toml", guests));
const desk = await system.supervise({ id: "desk", strategy: "one-for-one", children: [component.childSpec()] });
const counter = desk.child<ComponentMessage>("counter");

console.log(`counted to ${await send(counter, "+++++")}`);

await crash(counter);
console.log(`after a crash ${await send(counter, "?")}: the snapshot taken after the third message`);

await send(counter, "++");
await desk.terminateChild("counter");
await desk.restartChild("counter");
console.log(`after a stop and a start ${await send(counter, "?")}: the snapshot taken at the stop`);

await host.update(component, new URL("next/Component.toml", guests));
console.log(
  `and version ${component.manifest.component.version}, in another language, counts on: ${await send(counter, "+")}`,
);

const stored = await host.install(new URL("stored/Component.toml", guests));
const archive = await system.supervise({ id: "archive", strategy: "one-for-one", children: [stored.childSpec()] });
const keeper = archive.child<ComponentMessage>("stored-counter");

console.log(`another, with storage, counted to ${await send(keeper, "+++++")}`);
await crash(keeper);
console.log(`after a crash ${await send(keeper, "?")}: what it has answered is kept`);

/** Has it trap, and waits for the instance after that. */
async function crash(ref: ActorRef<ComponentMessage>): Promise<void> {
  const restarted = new Promise((resolve) => system.events.on("actor-restarted", resolve));
  await send(ref, "!").catch(() => undefined);
  await restarted;
}

/** Sends each character as a message of its own, and gives back the last reply. */
async function send(to: ActorRef<ComponentMessage>, commands: string): Promise<string> {
  const replies = await Promise.all(Array.from(commands, (command) => to.ask(rawPayload(Buffer.from(command)))));
  return Buffer.from(replies.at(-1) ?? []).toString("utf8", 1);
}
