import { providedByEngine, type HostImports, type InterfaceListing, type PreparedComponent } from "@airssys/engine";
import type { Manifest } from "@airssys/security";
import type { Refusal } from "./errors.ts";
import type { Incarnation } from "./incarnation.ts";
import { clock } from "./interfaces/clock.ts";
import { configuration } from "./interfaces/configuration.ts";
import { directory } from "./interfaces/directory.ts";
import { dns } from "./interfaces/dns.ts";
import { environment } from "./interfaces/environment.ts";
import { filesystem } from "./interfaces/filesystem.ts";
import type { HostInterface, HostMeans } from "./interfaces/host-interface.ts";
import { http } from "./interfaces/http.ts";
import { introspection } from "./interfaces/introspection.ts";
import { logging } from "./interfaces/logging.ts";
import { messaging } from "./interfaces/messaging.ts";
import { metrics } from "./interfaces/metrics.ts";
import { process } from "./interfaces/process.ts";
import { storage } from "./interfaces/storage.ts";
import { tcp } from "./interfaces/tcp.ts";
import { udp } from "./interfaces/udp.ts";

/** Everything this host offers to components, beyond the WASI that the engine brings. */
const core = [clock, configuration, directory, introspection, logging, messaging, metrics, storage];
const extensions = [filesystem, http, tcp, udp, dns, process, environment];
const offered: ReadonlyMap<string, HostInterface> = new Map([...core, ...extensions].map((each) => [each.name, each]));

/** Why a component's imports cannot all be granted; empty when they can. An import without functions only names types. */
export function refusedImports(component: PreparedComponent, manifest: Manifest, means: HostMeans): readonly Refusal[] {
  return component.imports
    .filter(({ name, functions }) => functions.length > 0 && !providedByEngine(name, functions))
    .flatMap(({ name, functions }): readonly Refusal[] => {
      const host = offered.get(name);
      if (name === "")
        return [{ subject: functions.join(", "), reason: "this host offers interfaces, no functions outside of them" }];
      if (host === undefined && providedByEngine(name)) {
        return [{ subject: name, reason: "this host offers only a part of this interface" }];
      }
      if (host === undefined) return [{ subject: name, reason: "this host offers no such interface" }];
      const unknown = functions.filter((fn) => !host.functions.includes(fn));
      if (unknown.length > 0) return [{ subject: name, reason: `this host knows no ${unknown.join(", ")} in it` }];
      const reason = (means.isAdvisory ? undefined : host.refusal(manifest)) ?? host.absence?.(means);
      return reason === undefined ? [] : [{ subject: name, reason }];
    });
}

/** Whether any of these functions may have the component wait. Such a component cannot be run to the end of each call. */
export function mayWait(imports: readonly InterfaceListing[]): boolean {
  return imports.some(({ name, functions }) => {
    const waiting = offered.get(name)?.waiting ?? [];
    return functions.some((fn) => waiting.includes(fn));
  });
}

/** The host functions for one incarnation: of the interfaces it imports, and no others. */
export function importsFor(component: PreparedComponent, incarnation: Incarnation): HostImports {
  const imports: Record<string, object> = {};
  for (const { name } of component.imports) {
    const host = offered.get(name);
    if (host !== undefined) imports[name] = host.prepare(incarnation);
  }
  return imports;
}
