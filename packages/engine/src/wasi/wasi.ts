import { cliInterfaces } from "./cli.ts";
import { clockInterfaces } from "./clocks.ts";
import { filesystemInterfaces } from "./filesystem.ts";
import { ioInterfaces } from "./io.ts";
import { randomInterfaces } from "./random.ts";
import type { InterfaceMakers, WasiSettings } from "./settings.ts";

const INTERFACES: ReadonlyMap<string, InterfaceMakers[string]> = new Map(
  Object.entries<InterfaceMakers[string]>({
    ...cliInterfaces,
    ...clockInterfaces,
    ...filesystemInterfaces,
    ...ioInterfaces,
    ...randomInterfaces,
  }),
);

/** Any 0.2 release: they only ever add. */
const PREVIEW_2 = /^(?<name>wasi:[a-z-]+\/[a-z-]+)@0\.2\.\d+$/;

/** Whether the engine itself implements the imported interface, such as `wasi:cli/stdout@0.2.3`. */
export function providedByEngine(interfaceName: string): boolean {
  return makerOf(interfaceName) !== undefined;
}

/** The engine's implementation of an interface for one instance. */
export function wasiInterface(interfaceName: string, settings: WasiSettings): object | undefined {
  return makerOf(interfaceName)?.(settings);
}

function makerOf(interfaceName: string): ((settings: WasiSettings) => object) | undefined {
  return INTERFACES.get(PREVIEW_2.exec(interfaceName)?.groups?.["name"] ?? "");
}
