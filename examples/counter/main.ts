// A component that counts, and what becomes of its number when it crashes, is stopped, and is replaced while it runs.
//   pnpm example counter
import { ActorSystem, type ActorRef } from "@airssys/rt";
import { ComponentHost, rawPayload, type ComponentMessage } from "@airssys/wasm";
import { build } from "./build.ts";

const guests = new URL("guests/", import.meta.url);
await build(guests);

await using system = new ActorSystem("counter", { log: false });
const host = new ComponentHost(system);
const component = await host.install(new URL("counter/Component.toml", guests));
const desk = await system.supervise({ id: "desk", strategy: "one-for-one", children: [component.childSpec()] });
const counter = desk.child<ComponentMessage>("counter");

console.log(`counted to ${await send(counter, "+++++")}`);

const restarted = new Promise((resolve) => system.events.on("actor-restarted", resolve));
await send(counter, "!").catch(() => undefined);
await restarted;
console.log(`after a crash ${await send(counter, "?")}: the snapshot taken after the third message`);

await send(counter, "++");
await desk.terminateChild("counter");
await desk.restartChild("counter");
console.log(`after a stop and a start ${await send(counter, "?")}: the snapshot taken at the stop`);

await host.update(component, new URL("next/Component.toml", guests));
console.log(
  `and version ${component.manifest.component.version}, in another language, counts on: ${await send(counter, "+")}`,
);

/** Sends each character as a message of its own, and gives back the last reply. */
async function send(to: ActorRef<ComponentMessage>, commands: string): Promise<string> {
  const replies = await Promise.all(Array.from(commands, (command) => to.ask(rawPayload(Buffer.from(command)))));
  return Buffer.from(replies.at(-1) ?? []).toString("utf8", 1);
}
