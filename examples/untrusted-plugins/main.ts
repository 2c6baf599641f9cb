// Five plugins from strangers, side by side: one behaves, the others loop, bloat, recurse and crash. Nothing of it reaches the host.
//   pnpm example untrusted-plugins
import { readFile } from "node:fs/promises";
import { ActorSystem } from "@airssys/rt";
import { buildComponent } from "@airssys/guest";
import { call, ComponentHost, type ComponentMessage, type InstalledComponent } from "@airssys/wasm";

const folder = new URL("guests/", import.meta.url);
const limits = { memory: { maxBytes: 1_048_576 }, cpu: { maxFuel: 5_000_000, timeoutMs: 500 } };

async function install(name: string): Promise<InstalledComponent> {
  const output = new URL(`build/${name}.wasm`, folder);
  await buildComponent({
    language: "wat",
    source: new URL(`${name}.wat`, folder),
    wit: folder,
    world: "plugin",
    output,
  });
  const manifest = {
    component: { namespace: "plugins", name, version: "1.0.0", artifact: `build/${name}.wasm` },
    resources: limits,
    supervision: { backoff: { minMs: 10, maxMs: 10 } },
  };
  return host.install({ manifest, artifact: await readFile(output) });
}

await using system = new ActorSystem("untrusted-plugins", { log: false });
const host = new ComponentHost(system);
const plugins = [];
for (const name of ["squares", "looper", "bloater", "diver", "crasher"]) plugins.push(await install(name));
const shelf = await system.supervise({
  id: "plugins",
  strategy: "one-for-one",
  children: plugins.map((plugin) => plugin.childSpec()),
});

console.log("plugin    what came of it                      fuel       memory     time");
for (const plugin of plugins) {
  const { name } = plugin.manifest.component;
  const outcome = await shelf
    .child<ComponentMessage>(name)
    .ask(call("run", 1000))
    .then(String, (error: Error) => (error.cause as { code: string }).code);
  const { fuel = 0, peakMemoryBytes = 0, wallMs = 0 } = plugin.status.lastCall ?? {};
  const cost = `${String(fuel).padEnd(10)} ${`${peakMemoryBytes / 1024} KiB`.padEnd(10)} ${wallMs.toFixed(1)} ms`;
  console.log(`${name.padEnd(9)} ${outcome.padEnd(36)} ${cost}`);
}

await Promise.all(plugins.slice(1).map((plugin) => restarted(plugin)));
console.log(`\nRestarted, and ready for the next call: ${plugins.map(({ status }) => status.state).join(", ")}.`);
console.log(`squares never noticed: ${String(await shelf.child<ComponentMessage>("squares").ask(call("run", 3)))}.`);

/** Resolves when the plugin runs again. */
function restarted(plugin: InstalledComponent): Promise<void> {
  if (plugin.status.state === "running") return Promise.resolve();
  return new Promise((resolve) => {
    plugin.onTransition((to) => {
      if (to === "running") resolve();
    });
  });
}
