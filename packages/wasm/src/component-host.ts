import { DEFAULT_ENGINE_OPTIONS, Engine, type EngineOptions, type Isolation } from "@airssys/engine";
import type { ActorSystem } from "@airssys/rt";
import { type ApprovalQueue, type CapabilitySet, componentId } from "@airssys/security";
import type { Ceilings, Release } from "@airssys/security";
import type { Store } from "@airssys/storage";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { AccessOptions } from "./access/access-options.ts";
import { ComponentMeters, type MeterOptions } from "./access/component-meters.ts";
import { controlOf, isAdvisory } from "./access/control-of.ts";
import { FairTrail } from "./access/fair-trail.ts";
import { type Grants, grantTo } from "./access/grants.ts";
import { ComponentDirectory } from "./component-directory.ts";
import { ComponentMetrics } from "./component-metrics.ts";
import { startPool, type ComponentPool, type PoolOptions } from "./component-pool.ts";
import { loadSource, type ComponentSource, type LoadedSource } from "./component-source.ts";
import type { ComponentHooks } from "./component-hooks.ts";
import { approverOf, releaseFrom } from "./component-release.ts";
import { InstallRefusedError, type Refusal } from "./errors.ts";
import { guestLog, logToStandardError, type GuestLog, type LevelLogger } from "./guest-log.ts";
import type { ApplicationInterface } from "./application-interface.ts";
import { HostInterfaces } from "./host-interfaces.ts";
import type { ComponentVersion } from "./component-version.ts";
import { InstalledComponent } from "./installed-component.ts";
import { bytesStored } from "./own-namespace.ts";

const AUDITED_PER_SECOND = 2000;

const WARNING = { type: "AirssysWarning", code: "AIRSSYS_DEVELOPMENT_MODE" };

export interface ComponentHostOptions {
  /** How components are prepared, and where what was prepared is kept: the user's cache folder unless said. */
  readonly engine?: Partial<EngineOptions>;
  /** The most that a manifest may ask for, where that is more than the defaults. */
  readonly ceilings?: Partial<Ceilings>;
  /**
   * Where the lines that components log or print go: standard error unless said. A logger of levels, such as pino's, gets each with the
   * address of the component and the correlation id of the message at hand as fields, and what the component added under `fields`.
   */
  readonly writeLog?: GuestLog | LevelLogger;
  /** Where components keep what they store; closed by whoever opened it. Without one, no component that stores anything is installed. */
  readonly storage?: Store;
  /**
   * With a queue, only what has an approval in it is installed or updated to: of just that code, that version and those capabilities. What
   * runs is not stopped when its approval ends.
   */
  readonly approvals?: ApprovalQueue;
  /** What the application itself offers to components, beyond what airssys does. */
  readonly interfaces?: readonly ApplicationInterface[];
  /** How it is decided what components may do while they run, and where that is taken down. */
  readonly access?: AccessOptions;
}

export interface InstallOptions {
  /**
   * What the operator allows. When it is left out, installing is consent to all that the manifest asks for. Of a set, such as one for all
   * components of a tenant, the component gets a derived one: what is revoked there later is revoked from the component.
   */
  readonly grants?: Grants | CapabilitySet;
  /** What the host does around the component's life. */
  readonly hooks?: ComponentHooks;
  /** What is done about more than its quotas allow. */
  readonly quotas?: MeterOptions;
  /**
   * Where it runs, and how: `shared`, on the thread of the host, where it gives way to others while it computes; or `worker`, on a thread
   * of its own, which a component that is not trusted cannot take from others. Left out, it runs on the thread of the host, each call to its
   * end, which costs least; or as `shared` when it imports functions of the host that wait.
   */
  readonly isolation?: Isolation;
}

/** What is left out of an update stays as it was: with the grants, what was taken back from the component. */
export type UpdateOptions = Pick<InstallOptions, "grants" | "isolation">;

/** Makes components into actors of one system. */
export class ComponentHost implements AsyncDisposable {
  readonly #system: ActorSystem;
  readonly #engine: Engine;
  readonly #ceilings: Partial<Ceilings> | undefined;
  readonly #maxArtifactBytes: number;
  readonly #writeLog: GuestLog;
  readonly #storage: Store | undefined;
  readonly #approvals: ApprovalQueue | undefined;
  readonly #access: AccessOptions;
  readonly #interfaces: HostInterfaces;
  readonly #directory = new ComponentDirectory();
  /** Of each component that is installed, with its own part in the audit log. */
  readonly #accesses = new Map<string, AccessOptions>();
  /** What the components report of themselves. */
  readonly metrics: ComponentMetrics = new ComponentMetrics();

  constructor(system: ActorSystem, options: ComponentHostOptions = {}) {
    this.#system = system;
    this.#engine = new Engine({ cacheDirectory: userCache(), ...options.engine });
    this.#ceilings = options.ceilings;
    this.#maxArtifactBytes = options.engine?.maxModuleBytes ?? DEFAULT_ENGINE_OPTIONS.maxModuleBytes;
    this.#writeLog = guestLog(options.writeLog ?? logToStandardError);
    this.#storage = options.storage;
    this.#approvals = options.approvals;
    this.#access = options.access ?? {};
    this.#interfaces = new HostInterfaces(options.interfaces);
    if (this.#access.mode === "development")
      process.emitWarning("components run in development mode: what is not granted is done all the same", WARNING);
  }

  /**
   * What of a component is to be approved: to be handed to `approvals.submit`. Nothing of it is compiled for that.
   * Rejects with `ManifestError` and `ArtifactUnreadableError`.
   */
  async releaseOf(source: ComponentSource): Promise<Release> {
    const { manifest, artifact } = await this.#load(source);
    return releaseFrom(manifest, artifact);
  }

  /**
   * Checks a component against its manifest and the grants, and compiles it. Nothing of it runs before it is spawned.
   * Rejects with `ManifestError`, `ArtifactUnreadableError`, an `EngineError` for bytes that are no usable component, and
   * `InstallRefusedError` naming every import and capability that it does not get; and with a `StorageError` when the store cannot be read,
   * where it is to keep something there.
   */
  async install(source: ComponentSource, options: InstallOptions = {}): Promise<InstalledComponent> {
    const { version, refusals } = await this.#prepare(source, options);
    const address = componentId(version.id);
    const stored = this.#storage ? await bytesStored(this.#storage, address, version.manifest) : 0;
    const isTaken = this.#directory.has(address);
    const taken = isTaken ? [{ subject: address, reason: "a component of that name is installed already" }] : [];
    if (isTaken || refusals.length > 0) throw new InstallRefusedError(address, [...taken, ...refusals]);
    this.#admit(address, version);
    const { hooks = {} } = options;
    const surroundings = {
      meters: this.#metersOf(address, version, options),
      interfaces: this.#interfaces,
      directory: this.#directory,
      writeLog: this.#writeLog,
      metrics: this.metrics,
      storage: this.#storage,
      access: this.#accessOf(address),
    };
    surroundings.meters.stored(stored);
    return new InstalledComponent(address, version, surroundings, hooks);
  }

  /**
   * Checks another version like one that is installed, and has it take over: between two messages, with the state if both keep one,
   * and without losing a message. The old version goes on when the new one does not start. One that does not run now has the
   * new code from its next start on. How it is supervised stays as it was.
   * Rejects like `install`, with `IllegalTransitionError`, and with `UpdateFailedError` and the cause.
   */
  async update(component: InstalledComponent, source: ComponentSource, options: UpdateOptions = {}): Promise<void> {
    const { isolation, allowed: grants } = component.version;
    const { version, refusals } = await this.#prepare(source, {
      isolation,
      ...(grants !== undefined && { grants }),
      ...options,
    });
    const { address, version: former } = component;
    const named = componentId(version.id);
    const stranger = named === address ? [] : [{ subject: named, reason: `is no version of ${address}` }];
    if (refusals.length + stranger.length > 0) throw new InstallRefusedError(address, [...stranger, ...refusals]);
    if (options.grants === undefined) for (const each of former.grants.revoked()) version.grants.revoke(each);
    this.#admit(address, version);
    try {
      await component.takeOver(version);
    } catch (error) {
      this.#admit(address, former);
      throw error;
    }
  }

  /**
   * Starts a supervised pool of a component: several instances behind its address, each of which shares topics with the others.
   * Rejects with `PoolSizeError`, `AlreadyRegisteredError` when the component runs already, and what a start fails with.
   */
  pool(component: InstalledComponent, options: PoolOptions): Promise<ComponentPool> {
    return startPool(this.#system, component, options);
  }

  /** Forgets a component that does not run. @throws IllegalTransitionError when it does */
  uninstall(component: InstalledComponent): void {
    component.uninstall();
    this.#directory.remove(component.address);
    this.#accesses.delete(component.address);
    this.#system.broker.limit({ sender: component.address }, undefined);
  }

  /** Ends the threads of components that have their own; call it when the system has shut down. The store is not its to close. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine[Symbol.asyncDispose]();
  }

  async #prepare(
    source: ComponentSource,
    {
      grants: allowed,
      isolation,
    }: { readonly grants?: InstallOptions["grants"]; readonly isolation?: Isolation | undefined },
  ): Promise<{ readonly version: ComponentVersion; readonly refusals: readonly Refusal[] }> {
    const { manifest, artifact } = await this.#load(source);
    const { namespace, name, version } = manifest.component;
    const approver = this.#approvals && approverOf(this.#approvals, releaseFrom(manifest, artifact));
    const { grants, refusals } = grantTo(manifest, allowed, {
      lifted: this.#access.lifted ?? [],
      isAdvisory: isAdvisory(this.#access),
    });
    const prepared = await this.#engine.prepare(artifact);
    return {
      version: { id: { namespace, name, version }, manifest, prepared, isolation, allowed, grants, approver },
      refusals: [
        ...this.#interfaces.refused(prepared, manifest, {
          storage: this.#storage,
          isAdvisory: isAdvisory(this.#access),
        }),
        ...refusals,
      ],
    };
  }

  #accessOf(address: string): AccessOptions {
    const { audit, auditedPerSecond = AUDITED_PER_SECOND } = this.#access;
    if (audit === undefined) return this.#access;
    const known = this.#accesses.get(address) ?? {
      ...this.#access,
      audit: new FairTrail(audit, auditedPerSecond, () => this.#system.clock.now()),
    };
    this.#accesses.set(address, known);
    return known;
  }

  #load(source: ComponentSource): Promise<LoadedSource> {
    return loadSource(source, { ceilings: this.#ceilings, maxArtifactBytes: this.#maxArtifactBytes });
  }

  #admit(address: string, version: ComponentVersion): void {
    const { manifest } = version;
    this.#directory.add(address, manifest, controlOf(address, version, this.#accessOf(address)));
  }

  #metersOf(address: string, { id, manifest, prepared }: ComponentVersion, options: InstallOptions): ComponentMeters {
    const { quotas, hooks } = options;
    const subject = { address, version: id.version, digest: prepared.digest };
    return new ComponentMeters(manifest.quotas, {
      ...quotas,
      component: address,
      now: () => this.#system.clock.now(),
      onLevel: (change) => hooks?.onQuota?.(subject, change),
      limitSending: (quota) => this.#system.broker.limit({ sender: address }, quota),
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
