import { ComponentHost, type InstalledComponent } from "@airssys/wasm";
import type { ActorSystem } from "@airssys/rt";
import { counterGuest } from "./counter-guest.ts";
import { counterManifest } from "./counter-manifest.ts";
import { cacheDirectory } from "./prepared-cache.ts";

/** The counter, installed: checked against its manifest, and compiled. */
export async function installedCounter(system: ActorSystem): Promise<InstalledComponent> {
  const host = new ComponentHost(system, { engine: { cacheDirectory } });
  return host.install({ manifest: counterManifest, artifact: await counterGuest() });
}
