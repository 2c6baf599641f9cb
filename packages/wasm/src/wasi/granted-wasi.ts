import type { PreparedComponent, WasiOptions } from "@airssys/engine";
import type { ComponentAccess } from "../access/component-access.ts";
import type { Incarnation } from "../incarnation.ts";
import { grantedFetch } from "./granted-fetch.ts";
import { GrantedNetwork } from "./granted-network.ts";
import { preopensFor } from "./preopens.ts";

type Imports = Pick<PreparedComponent, "imports">;

/** What of the machine a component of other toolchains sees, by the standard interfaces it imports: what it was granted, and nothing else. */
export function grantedWasi({ prepared, access, context, address }: Incarnation): WasiOptions {
  const missing = (path: string): void =>
    context.log.warn("a directory that a component was granted is not there", { component: address, path });
  return {
    ...(importsOf(prepared, "wasi:cli/environment") && { env: variablesFor(access) }),
    ...(importsOf(prepared, "wasi:filesystem/") &&
      hasGrant(access, "file") && { preopens: preopensFor(access, missing) }),
    ...(importsOf(prepared, "wasi:sockets/") && hasGrant(access, "connect") && { network: new GrantedNetwork(access) }),
    ...(importsOf(prepared, "wasi:http/") && hasGrant(access, "connect") && { fetch: grantedFetch(access) }),
  };
}

/** Whether it waits for the network by standard interfaces, if it is granted any. */
export function waitsByWasi(component: Imports): boolean {
  return importsOf(component, "wasi:sockets/") || importsOf(component, "wasi:http/");
}

function importsOf({ imports }: Imports, prefix: string): boolean {
  return imports.some(({ name, functions }) => name.startsWith(prefix) && functions.length > 0);
}

/** Whether anything of that kind is granted, or done all the same. */
export function hasGrant(access: ComponentAccess, kind: "file" | "connect"): boolean {
  return access.isAdvisory || access.grants.list().some((each) => each.kind === kind);
}

function variablesFor(access: ComponentAccess): Readonly<Record<string, string>> {
  const names = access.grants.list().flatMap((each) => (each.kind === "environment" ? [each.variable] : []));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = access.variable(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
