// A chat: people are plain actors, the moderator and the historian are components, and they know one another by topics only.
//   pnpm example chat-room
import { ActorSystem, type Actor } from "@airssys/rt";
import { settled } from "@airssys/testkit";
import { ComponentHost, decodePayload, rawPayload, type ComponentMessage } from "@airssys/wasm";
import { build } from "./build.ts";

/** Somebody who is in a room, and hears what the moderator lets through. */
class Person implements Actor<Uint8Array> {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  receive(line: Uint8Array): void {
    console.log(`  ${this.#name} hears "${text(line)}"`);
  }
}

const guests = new URL("guests/", import.meta.url);
await build(guests);

await using system = new ActorSystem("chat", { log: false });
const { broker } = system;
const host = new ComponentHost(system);
const moderator = await host.install(new URL("moderator/Component.toml", guests));
const historian = await host.install(new URL("historian/Component.toml", guests));
const staff = await system.supervise({
  id: "staff",
  strategy: "one-for-one",
  children: [moderator.childSpec(), historian.childSpec()],
});
for (const [name, room] of [
  ["Ada", "books"],
  ["Bob", "books"],
  ["Cy", "films"],
] as const) {
  broker.subscribe(
    `chat.${room}.heard`,
    system.spawn(() => new Person(name)),
  );
}

await say("books", "Ada: has anybody finished it?");
await say("films", "Cy: nobody here?");
await say("books", "Bob: yes, the butler did it");

// A line without a name is what the moderator was not written for. It traps, is restarted, and subscribes again.
const restarted = new Promise((resolve) => system.events.on("actor-restarted", resolve));
await say("books", "(somebody coughs)");
await restarted;
console.log("The moderator was restarted.");
await say("books", "Ada: Bob!");

const history = await staff.child<ComponentMessage>("historian").ask(rawPayload(Buffer.from("books")));
console.log(`The historian on books:\n${text(history ?? new Uint8Array())}`);

/** Says it, and waits until everybody who hears of it has. */
async function say(room: string, line: string): Promise<void> {
  console.log(`${room}: ${line}`);
  broker.publish(`chat.${room}.said`, rawPayload(Buffer.from(line)));
  await settled(system);
}

function text(payload: Uint8Array): string {
  return Buffer.from(decodePayload(payload).body).toString();
}
