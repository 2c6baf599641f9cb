import { DEFAULT_ENGINE_OPTIONS, Engine, type EngineOptions } from "@airssys/engine";
import type { ActorSystem } from "@airssys/rt";
import { componentId, type Ceilings } from "@airssys/security";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { ComponentDirectory } from "./component-directory.ts";
import { ComponentMetrics } from "./component-metrics.ts";
import { loadSource, type ComponentSource } from "./component-source.ts";
import { InstallRefusedError } from "./errors.ts";
import { beyondGrants, type Grants } from "./grants.ts";
import { logToStandardError, type GuestLog } from "./guest-log.ts";
import { refusedImports } from "./host-interfaces.ts";
import { InstalledComponent } from "./installed-component.ts";

export interface ComponentHostOptions {
  /** How components are prepared, and where what was prepared is kept: the user's cache folder unless said. */
  readonly engine?: Partial<EngineOptions>;
  /** The most that a manifest may ask for, where that is more than the defaults. */
  readonly ceilings?: Partial<Ceilings>;
  /** Where the lines that components log or print go: standard error unless said. */
  readonly writeLog?: GuestLog;
}

export interface InstallOptions {
  /** What the operator allows. When it is left out, installing is consent to all that the manifest asks for. */
  readonly grants?: Grants;
}

/** Makes components into actors of one system. */
export class ComponentHost {
  readonly #system: ActorSystem;
  readonly #engine: Engine;
  readonly #ceilings: Partial<Ceilings> | undefined;
  readonly #maxArtifactBytes: number;
  readonly #writeLog: GuestLog;
  readonly #directory = new ComponentDirectory();
  /** What the components report of themselves. */
  readonly metrics: ComponentMetrics = new ComponentMetrics();

  constructor(system: ActorSystem, options: ComponentHostOptions = {}) {
    this.#system = system;
    this.#engine = new Engine({ cacheDirectory: userCache(), ...options.engine });
    this.#ceilings = options.ceilings;
    this.#maxArtifactBytes = options.engine?.maxComponentBytes ?? DEFAULT_ENGINE_OPTIONS.maxComponentBytes;
    this.#writeLog = options.writeLog ?? logToStandardError;
  }

  /**
   * Checks a component against its manifest and the grants, and compiles it. Nothing of it runs before it is spawned.
   * Rejects with `ManifestError`, `ArtifactUnreadableError`, an `EngineError` for bytes that are no usable component, and
   * `InstallRefusedError` naming every import and capability that it does not get.
   */
  async install(source: ComponentSource, options: InstallOptions = {}): Promise<InstalledComponent> {
    const { manifest, artifact } = await loadSource(source, {
      ceilings: this.#ceilings,
      maxArtifactBytes: this.#maxArtifactBytes,
    });
    const { namespace, name, version } = manifest.component;
    const address = componentId(manifest.component);
    const prepared = await this.#engine.prepare(artifact);
    const refusals = [
      ...(this.#directory.has(address)
        ? [{ subject: address, reason: "a component of that name is installed already" }]
        : []),
      ...refusedImports(prepared, manifest),
      ...(options.grants === undefined ? [] : beyondGrants(manifest, options.grants)),
    ];
    if (refusals.length > 0) throw new InstallRefusedError(address, refusals);
    this.#directory.add(address, manifest);
    this.#system.broker.limit({ sender: address }, { rate: { messagesPerSecond: manifest.quotas.messagesPerSecond } });
    const id = { namespace, name, version };
    return new InstalledComponent({
      address,
      id,
      manifest,
      prepared,
      directory: this.#directory,
      writeLog: this.#writeLog,
      metrics: this.metrics,
    });
  }
}

/** Private to the user: what lies there is run. */
function userCache(): string {
  const set = process.env["XDG_CACHE_HOME"] ?? "";
  // A relative one is to be ignored, by the specification: it would load code from wherever the process was started.
  const base = isAbsolute(set) ? set : join(homedir(), ".cache");
  return join(base, "airssys", "prepared");
}
