import { providedByEngine, type HostImports, type PreparedComponent } from "@airssys/engine";
import type { Manifest } from "@airssys/security";
import type { Refusal } from "./errors.ts";
import type { Incarnation } from "./incarnation.ts";
import { clock } from "./interfaces/clock.ts";
import { configuration } from "./interfaces/configuration.ts";
import { directory } from "./interfaces/directory.ts";
import type { HostInterface } from "./interfaces/host-interface.ts";
import { introspection } from "./interfaces/introspection.ts";
import { logging } from "./interfaces/logging.ts";
import { messaging } from "./interfaces/messaging.ts";
import { metrics } from "./interfaces/metrics.ts";

/** Everything this host offers to components, beyond the WASI that the engine brings. */
const offered: ReadonlyMap<string, HostInterface> = new Map(
  [clock, configuration, directory, introspection, logging, messaging, metrics].map((each) => [each.name, each]),
);

/** Why a component's imports cannot all be granted; empty when they can. An import without functions only names types. */
export function refusedImports(component: PreparedComponent, manifest: Manifest): readonly Refusal[] {
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
      const reason = host.refusal(manifest);
      return reason === undefined ? [] : [{ subject: name, reason }];
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
