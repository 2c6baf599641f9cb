import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import PQueue from "p-queue";
import { type Clock, systemClock } from "./clock.ts";
import { checkComponentBytes, digestOf } from "./component-header.ts";
import { BadOptionError, PreparationFailedError } from "./errors.ts";
import type { Artifact } from "./preparation/artifact.ts";
import { ArtifactCache, type CacheEntry } from "./preparation/cache.ts";
import { loadArtifact } from "./preparation/loader.ts";
import { prepareInChild } from "./preparation/run-child.ts";
import { PreparedComponent } from "./prepared-component.ts";
import { systemTimers, type Timers } from "./timers.ts";

export interface EngineOptions {
  /** Where prepared components are kept. Created when missing; any number of processes may share it. */
  readonly cacheDirectory: string;
  /** Larger components are refused unseen. */
  readonly maxComponentBytes?: number;
  /** How long preparing one component may take. */
  readonly prepareTimeoutMs?: number;
  /** How much memory preparing one component may take, all of its process included. */
  readonly prepareMemoryBytes?: number;
  /** How many components are prepared at once; the others wait. */
  readonly prepareConcurrency?: number;
  /** What deadlines are measured with, and wall time. What a guest sees of time is a matter of its instance. */
  readonly clock?: Clock;
  /** How calls wait that can be suspended. */
  readonly timers?: Timers;
}

export const DEFAULT_ENGINE_OPTIONS: Required<Omit<EngineOptions, "cacheDirectory">> = {
  maxComponentBytes: 64 * 2 ** 20,
  prepareTimeoutMs: 30_000,
  prepareMemoryBytes: 1_024 * 2 ** 20,
  prepareConcurrency: 2,
  clock: systemClock,
  timers: systemTimers,
};

/** Makes components runnable. What it made before, in this process or another, it takes from its cache. */
export class Engine {
  readonly #options: Required<EngineOptions>;
  readonly #cache: ArtifactCache;
  readonly #queue: PQueue;
  /** Preparations under way, so that one component is not prepared twice at once. */
  readonly #underWay = new Map<string, Promise<PreparedComponent>>();

  constructor(options: EngineOptions) {
    this.#options = validated({ ...DEFAULT_ENGINE_OPTIONS, ...options });
    this.#cache = new ArtifactCache(this.#options.cacheDirectory);
    this.#queue = new PQueue({ concurrency: this.#options.prepareConcurrency });
  }

  /**
   * The component of these bytes, ready to be instantiated. The bytes are copied: they may change afterwards.
   * Throws NotAComponentError, ComponentTooLargeError and CorruptComponentError for what cannot be a component, and
   * UnsupportedComponentError and PreparationFailedError for one that cannot be made runnable; CacheError when the cache cannot be
   * used.
   */
  async prepare(bytes: Uint8Array): Promise<PreparedComponent> {
    checkComponentBytes(bytes, this.#options.maxComponentBytes);
    const own = new Uint8Array(bytes);
    const digest = digestOf(own);
    const underWay = this.#underWay.get(digest);
    if (underWay !== undefined) return underWay;
    const preparation = this.#load(digest, own).finally(() => this.#underWay.delete(digest));
    this.#underWay.set(digest, preparation);
    return preparation;
  }

  async #load(digest: string, bytes: Uint8Array): Promise<PreparedComponent> {
    try {
      const entry = await this.#cache.entryFor(digest);
      const artifact =
        (await this.#cache.read(entry)) ?? (await this.#queue.add(() => this.#build(digest, bytes, entry)));
      const { clock, timers } = this.#options;
      return new PreparedComponent(await loadArtifact(digest, artifact, entry.file), clock, timers);
    } catch (error) {
      throw this.#cache.typed(error);
    }
  }

  async #build(digest: string, bytes: Uint8Array, entry: CacheEntry): Promise<Artifact> {
    await this.#cache.fill(entry, async (directory) => {
      const componentFile = join(directory, "component.wasm");
      const artifactFile = join(directory, "artifact");
      await writeFile(componentFile, bytes);
      const { key } = entry;
      const memoryBytes = this.#options.prepareMemoryBytes;
      await prepareInChild({ digest, key, componentFile, artifactFile, memoryBytes }, this.#options.prepareTimeoutMs);
      return artifactFile;
    });
    const artifact = await this.#cache.read(entry);
    if (artifact === undefined) throw new PreparationFailedError(digest, "crash", "what it wrote cannot be read back");
    return artifact;
  }
}

function validated(options: Required<EngineOptions>): Required<EngineOptions> {
  if (typeof options.cacheDirectory !== "string" || options.cacheDirectory === "") {
    throw new BadOptionError("cacheDirectory", "the path of a directory", options.cacheDirectory);
  }
  for (const option of ["maxComponentBytes", "prepareTimeoutMs", "prepareMemoryBytes", "prepareConcurrency"] as const) {
    const value = options[option];
    if (!Number.isSafeInteger(value) || value < 1) throw new BadOptionError(option, "a positive whole number", value);
  }
  return options;
}
