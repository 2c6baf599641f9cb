import { HostFileSystem } from "../files/host-directory.ts";
import type { HostImports } from "../linker.ts";
import type { WasiOptions } from "../wasi/settings.ts";
import { WasiInstance } from "../wasi/wasi-instance.ts";
import { providedByEngine, wasiInterface } from "../wasi/wasi.ts";
import type { WitWorld } from "../wit/wit-type.ts";
import { meetsResources } from "./hosted-interfaces.ts";

/** The engine's WASI on the host's thread for an instance on another. */
export interface ServedWasi {
  readonly wasi: WasiInstance;
  readonly imports: HostImports;
}

/**
 * What was granted that cannot leave the host's thread, such as its sockets, is used where it is: then every interface of WASI that has to do with
 * resources is served there, for a stream of the one is what another polls. Undefined where all of it can be on the instance's thread, which costs
 * less.
 */
export function serveWasi(world: WitWorld, given: HostImports, options: WasiOptions): ServedWasi | undefined {
  if (!staysHere(options)) return undefined;
  const wasi = new WasiInstance(options, "may-wait");
  const imports: Record<string, object> = {};
  for (const declared of world.imports) {
    const { name, functions } = declared;
    const isTheEngines = providedByEngine(
      name,
      functions.map((fn) => fn.name),
    );
    const members = isTheEngines && meetsResources(declared, world.types) ? wasiInterface(name, wasi) : undefined;
    if (members !== undefined && !Object.hasOwn(given, name)) imports[name] = members;
  }
  return { wasi, imports };
}

function staysHere({ network, fetch, preopens = [] }: WasiOptions): boolean {
  return (
    network !== undefined || fetch !== undefined || preopens.some(({ files }) => !(files instanceof HostFileSystem))
  );
}
