import { providedByEngine, type HostImports, type InterfaceListing, type PreparedComponent } from "@airssys/engine";
import type { Manifest } from "@airssys/security";
import { type ApplicationInterface, fromApplication } from "./application-interface.ts";
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
import type { OfferedInterfaces } from "./offered-interfaces.ts";
import { tcp } from "./interfaces/tcp.ts";
import { udp } from "./interfaces/udp.ts";

const core = [clock, configuration, directory, introspection, logging, messaging, metrics, storage];
const extensions = [filesystem, http, tcp, udp, dns, process, environment];

/** Everything a host offers to components, beyond the WASI that the engine brings. */
export class HostInterfaces implements OfferedInterfaces<Incarnation> {
  readonly #offered: ReadonlyMap<string, HostInterface>;

  /**
   * With those of the application.
   * @throws InterfaceInvalidError when one has no name of its own, or needs what can be granted to nobody
   */
  constructor(application: readonly ApplicationInterface[] = []) {
    const all = [...core, ...extensions, ...application.map((each) => fromApplication(each))];
    this.#offered = new Map(all.map((each) => [each.name, each]));
  }

  /** Why a component's imports cannot all be granted; empty when they can. An import without functions only names types. */
  refused(component: PreparedComponent, manifest: Manifest, means: HostMeans): readonly Refusal[] {
    return component.imports
      .filter(({ name, functions }) => functions.length > 0 && !providedByEngine(name, functions))
      .flatMap((listing) => {
        const reason = this.#reasonAgainst(listing, manifest, means);
        const subject = listing.name === "" ? listing.functions.join(", ") : listing.name;
        return reason === undefined ? [] : [{ subject, reason }];
      });
  }

  mayWait(imports: readonly InterfaceListing[]): boolean {
    return imports.some(({ name, functions }) => {
      const waiting = this.#offered.get(name)?.waiting ?? [];
      return functions.some((fn) => waiting.includes(fn));
    });
  }

  importsFor(component: PreparedComponent, incarnation: Incarnation): HostImports {
    const imports: Record<string, object> = {};
    for (const { name } of component.imports) {
      const host = this.#offered.get(name);
      if (host !== undefined) imports[name] = host.prepare(incarnation);
    }
    return imports;
  }

  #reasonAgainst({ name, functions }: InterfaceListing, manifest: Manifest, means: HostMeans): string | undefined {
    if (name === "") return "this host offers interfaces, no functions outside of them";
    const host = this.#offered.get(name);
    if (host === undefined)
      return providedByEngine(name)
        ? "this host offers only a part of this interface"
        : "this host offers no such interface";
    const unknown = functions.filter((fn) => !host.functions.includes(fn));
    if (unknown.length > 0) return `this host knows no ${unknown.join(", ")} in it`;
    return (means.isAdvisory ? undefined : host.refusal(manifest, functions)) ?? host.absence?.(means);
  }
}
