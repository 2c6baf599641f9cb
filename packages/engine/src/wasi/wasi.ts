import { cliInterfaces } from "./cli.ts";
import { clockInterfaces } from "./clocks.ts";
import { filesystemInterfaces } from "./filesystem.ts";
import { httpInterfaces } from "./http.ts";
import { ioInterfaces } from "./io.ts";
import { randomInterfaces } from "./random.ts";
import { socketInterfaces } from "./sockets.ts";
import { isUnusedResource } from "./unused-resource.ts";
import { type InterfaceMakers, WasiInstance } from "./wasi-instance.ts";
import { type FunctionName, lowerCamelCase, parseFunctionName, upperCamelCase } from "../wit/wit-name.ts";

const INTERFACES: ReadonlyMap<string, InterfaceMakers[string]> = new Map(
  Object.entries<InterfaceMakers[string]>({
    ...cliInterfaces,
    ...clockInterfaces,
    ...filesystemInterfaces,
    ...httpInterfaces,
    ...ioInterfaces,
    ...randomInterfaces,
    ...socketInterfaces,
  }),
);

/** To look at what there is. */
const NOBODY = new WasiInstance();

/** Any 0.2 release: they only ever add. */
const PREVIEW_2 = /^(?<name>wasi:[a-z-]+\/[a-z-]+)@0\.2\.\d+$/;

/**
 * Whether the engine itself implements the imported interface, such as `wasi:cli/stdout@0.2.3`, and in it these functions, by their WIT
 * names. A component that imports any others of it cannot be instantiated unless the host provides the interface.
 */
export function providedByEngine(interfaceName: string, functions: readonly string[] = []): boolean {
  return makerOf(interfaceName) !== undefined && missingFromEngine(interfaceName, functions).length === 0;
}

/** Those of the functions of an interface, by their WIT names, that the engine does not implement. */
export function missingFromEngine(interfaceName: string, functions: readonly string[]): string[] {
  const members = makerOf(interfaceName)?.(NOBODY) ?? {};
  return functions.filter((fn) => !implementsFunction(members, parseFunctionName(fn)));
}

function implementsFunction(members: object, name: FunctionName): boolean {
  if (name.kind === "function") return hasFunction(members, lowerCamelCase(name.name));
  const className = upperCamelCase(name.resource);
  const resource: unknown = Object.hasOwn(members, className) ? Reflect.get(members, className) : undefined;
  if (typeof resource !== "function") return false;
  // What nobody can hold, nobody can call.
  if (isUnusedResource(resource)) return true;
  switch (name.kind) {
    case "constructor":
      return true;
    case "static":
      return hasFunction(resource, lowerCamelCase(name.name));
    case "method":
      return hasFunction(Object(Reflect.get(resource, "prototype")), lowerCamelCase(name.name));
  }
}

/** The engine's implementation of an interface for one instance. */
export function wasiInterface(interfaceName: string, wasi: WasiInstance): object | undefined {
  return makerOf(interfaceName)?.(wasi);
}

function makerOf(interfaceName: string): InterfaceMakers[string] | undefined {
  return INTERFACES.get(PREVIEW_2.exec(interfaceName)?.groups?.["name"] ?? "");
}

/** Whether it has that function, and not only because every object or function has it. */
function hasFunction(owner: object, property: string): boolean {
  if (property === "constructor") return false;
  const declaring = [owner, ...ancestors(owner)].find((ancestor) => Object.hasOwn(ancestor, property));
  return declaring !== undefined && typeof Reflect.get(owner, property) === "function";
}

function* ancestors(owner: object): Generator<object> {
  let at: object | null = Object.getPrototypeOf(owner);
  while (at !== null && at !== Object.prototype && at !== Function.prototype) {
    yield at;
    at = Object.getPrototypeOf(at);
  }
}
