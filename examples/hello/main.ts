// An actor and a component, and no difference between them.
//   pnpm example hello
import { ActorSystem } from "@airssys/rt";
import { buildComponent } from "@airssys/guest";
import { ComponentHost, jsonPayload, parseJsonPayload } from "@airssys/wasm";

const folder = new URL("guests/greeter/", import.meta.url);
const [source, output] = [new URL("greeter.ts", folder), new URL("build/greeter.wasm", folder)];
await buildComponent({
  language: "typescript",
  source,
  wit: new URL("../../wit/", import.meta.url),
  world: "actor",
  output,
});

await using system = new ActorSystem("hello");

const actor = system.spawn(() => ({ receive: (name: string) => `Hello, ${name}!` }));
console.log(await actor.ask("Ada"));

const greeter = await new ComponentHost(system).install(new URL("Component.toml", folder));
const component = system.spawn(greeter.start, { id: "greeter" });
console.log(parseJsonPayload((await component.ask(jsonPayload({ name: "Grace" }))) ?? new Uint8Array()));
