import type { PreparedComponent, WasiOptions } from "@airssys/engine";
import type { CapabilitySet } from "@airssys/security";
import type { ComponentAccess } from "../access/component-access.ts";
import type { Refusal } from "../errors.ts";
import type { Incarnation } from "../incarnation.ts";
import { grantedFetch } from "./granted-fetch.ts";
import { GrantedNetwork } from "./granted-network.ts";
import { preopensFor } from "./preopens.ts";

type Imports = Pick<PreparedComponent, "imports">;

/** What of the machine a component of other toolchains sees, by the standard interfaces it imports: what it was granted, and nothing else. */
export function grantedWasi({ prepared, isolation, access, context, address }: Incarnation): WasiOptions {
  // What is served on the thread of the host does not reach another.
  const isGranted = (kind: "file" | "connect"): boolean => isolation !== "worker" && hasGrant(access, kind);
  const missing = (path: string): void =>
    context.log.warn("a directory that a component was granted is not there", { component: address, path });
  return {
    ...(importsOf(prepared, "wasi:cli/environment") && { env: variablesFor(access) }),
    ...(importsOf(prepared, "wasi:filesystem/") && isGranted("file") && { preopens: preopensFor(access, missing) }),
    ...(importsOf(prepared, "wasi:sockets/") && isGranted("connect") && { network: new GrantedNetwork(access) }),
    ...(importsOf(prepared, "wasi:http/") && isGranted("connect") && { fetch: grantedFetch(access) }),
  };
}

/** Whether it waits for the network by standard interfaces, if it is granted any. */
export function waitsByWasi(component: Imports): boolean {
  return importsOf(component, "wasi:sockets/") || importsOf(component, "wasi:http/");
}

/** Why a component cannot have a thread of its own: what it reaches of the machine by standard interfaces is served on that of the host. */
export function refusedOnWorker(component: Imports, grants: CapabilitySet): readonly Refusal[] {
  const reaches = (kind: "file" | "connect", imports: boolean): boolean =>
    imports && grants.list().some((each) => each.kind === kind);
  // A language's runtime imports the standard files whether the component uses them or not; one that imports those of airssys uses those.
  const needsFiles = importsOf(component, "wasi:filesystem/") && !importsOf(component, "airssys:ext-filesystem/");
  const needsNetwork = waitsByWasi(component) && !importsOf(component, "airssys:ext-network/");
  const isServed = reaches("file", needsFiles) || reaches("connect", needsNetwork);
  return isServed
    ? [
        {
          subject: "isolation",
          reason: "the standard files and network that it is granted are served on the thread of the host",
        },
      ]
    : [];
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
