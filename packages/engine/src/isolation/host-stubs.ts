import { hostCallSignal } from "../host-call-signal.ts";
import type { HostImports } from "../linker.ts";
import { lowerCamelCase, parseFunctionName, qualifiedName, upperCamelCase } from "../wit/wit-name.ts";
import type { WitFunction, WitInterface, WitWorld } from "../wit/wit-type.ts";
import type { HostedInterface } from "./border-messages.ts";
import { HostResource, type HostResourceStub } from "./host-resource.ts";

/** Calls a function of the host by its full name. `call` carries values across; `construct` gives the number of a new resource. */
export interface HostCaller {
  call(name: string, fn: WitFunction, args: readonly unknown[]): unknown;
  construct(name: string, fn: WitFunction, args: readonly unknown[]): number;
  dropped(resourceName: string, resource: number): void;
}

type Stub = (...args: readonly unknown[]) => unknown;

/**
 * On an instance's thread: imports as a host gives them, each function of which calls the host. What the host does not provide is not
 * there either, so that the linker finds out.
 */
export function hostStubs(
  { imports }: WitWorld,
  hosted: readonly HostedInterface[],
  caller: HostCaller,
  stand: (interfaceName: string, resource: string, stub: HostResourceStub) => void,
): HostImports {
  const stubs: Record<string, object> = Object.create(null);
  for (const { name, functions, resources } of hosted) {
    const declared = imports.find((entry) => entry.name === name);
    if (declared === undefined) continue;
    const members: Record<string, unknown> = {};
    for (const fn of declared.functions) {
      if (functions.includes(fn.name)) members[fn.name] = stubOf(qualifiedName(name, fn.name), fn, caller);
    }
    for (const resource of resources) {
      const stub = resourceStub(declared, resource, caller);
      members[upperCamelCase(resource)] = stub;
      stand(name, resource, stub);
    }
    stubs[name] = members;
  }
  return stubs;
}

function stubOf(name: string, fn: WitFunction, caller: HostCaller): Stub {
  return (...args) => caller.call(name, fn, args);
}

function resourceStub(declared: WitInterface, resource: string, caller: HostCaller): HostResourceStub {
  const name = qualifiedName(declared.name, resource);
  let construct: (args: readonly unknown[]) => number = () => {
    throw new TypeError(`resource ${name} has no constructor`);
  };
  class ResourceStub extends HostResource {
    constructor(...args: readonly unknown[]) {
      super(construct(args));
    }

    [Symbol.dispose](): void {
      // What a guest leaves behind at its end the host knows, and disposes of by itself.
      if (!hostCallSignal().aborted) caller.dropped(name, HostResource.numberOf(this));
    }
  }
  for (const fn of declared.functions) {
    const parsed = parseFunctionName(fn.name);
    if (parsed.kind === "function" || parsed.resource !== resource) continue;
    const fullName = qualifiedName(declared.name, fn.name);
    switch (parsed.kind) {
      case "constructor":
        construct = (args) => caller.construct(fullName, fn, args);
        break;
      case "static":
        Reflect.set(ResourceStub, lowerCamelCase(parsed.name), stubOf(fullName, fn, caller));
        break;
      case "method":
        Reflect.set(ResourceStub.prototype, lowerCamelCase(parsed.name), methodStub(fullName, fn, caller));
        break;
    }
  }
  return ResourceStub;
}

function methodStub(name: string, fn: WitFunction, caller: HostCaller): Stub {
  return function method(this: unknown, ...args: readonly unknown[]): unknown {
    return caller.call(name, fn, [this, ...args]);
  };
}
