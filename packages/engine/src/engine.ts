import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import PQueue from "p-queue";
import { type Clock, systemClock } from "./clock.ts";
import { keepCompiledCode } from "./code-collection.ts";
import { checkComponentBytes, digestOf } from "./component-header.ts";
import { BadOptionError, PreparationFailedError, TooManyFunctionsError } from "./errors.ts";
import { completeWorkerOptions, DEFAULT_WORKER_OPTIONS, type WorkerOptions } from "./isolation/worker-options.ts";
import { type WorkerCounts, WorkerPool } from "./isolation/worker-pool.ts";
import type { Artifact } from "./preparation/artifact.ts";
import { ArtifactCache, type CacheEntry } from "./preparation/cache.ts";
import { loadArtifact } from "./preparation/loader.ts";
import { prepareInChild } from "./preparation/run-child.ts";
import { PreparedComponent } from "./prepared-component.ts";
import { systemTimers, type Timers } from "./timers.ts";

export interface EngineOptions {
  /** Where prepared components are kept. Created when missing; any number of processes may share it. */
  readonly cacheDirectory: string;
  /** How many bytes of prepared components are kept; those used longest ago make room. */
  readonly cacheBytes?: number;
  /** Larger components are refused unseen. */
  readonly maxModuleBytes?: number;
  /** How many functions the core modules of a component may have together, those they import included. */
  readonly maxFunctions?: number;
  /** How long preparing one component may take. */
  readonly prepareTimeoutMs?: number;
  /** How much memory preparing one component may take, all of its process included. */
  readonly prepareMemoryBytes?: number;
  /** How many components are prepared at once; the others wait. */
  readonly prepareConcurrency?: number;
  /** What deadlines are measured with, and wall time. What a guest sees of time is a matter of its instance. */
  readonly clock?: Clock;
  /** Threads for instances that are launched with isolation `worker`. */
  readonly workers?: WorkerOptions;
  /** How calls wait that can be suspended. */
  readonly timers?: Timers;
}

export const DEFAULT_ENGINE_OPTIONS: Required<Omit<EngineOptions, "cacheDirectory">> = {
  cacheBytes: 1_024 * 2 ** 20,
  maxModuleBytes: 64 * 2 ** 20,
  maxFunctions: 65_536,
  prepareTimeoutMs: 30_000,
  prepareMemoryBytes: 1_024 * 2 ** 20,
  prepareConcurrency: 2,
  clock: systemClock,
  workers: DEFAULT_WORKER_OPTIONS,
  timers: systemTimers,
};

/**
 * Makes components runnable. What it made before, in this process or another, it takes from its cache. Disposing it ends the threads of all
 * instances that have one of their own.
 */
export class Engine implements AsyncDisposable {
  readonly #options: Required<EngineOptions>;
  readonly #cache: ArtifactCache;
  readonly #queue: PQueue;
  readonly #workers: WorkerPool;
  /** Preparations under way, so that one component is not prepared twice at once. */
  readonly #underWay = new Map<string, Promise<PreparedComponent>>();

  constructor(options: EngineOptions) {
    this.#options = validated({ ...DEFAULT_ENGINE_OPTIONS, ...options });
    keepCompiledCode();
    this.#cache = new ArtifactCache(this.#options.cacheDirectory, this.#options.cacheBytes);
    this.#queue = new PQueue({ concurrency: this.#options.prepareConcurrency });
    this.#workers = new WorkerPool(completeWorkerOptions(this.#options.workers));
  }

  /**
   * The component of these bytes, ready to be instantiated. The bytes are copied: they may change afterwards.
   * Throws NotAComponentError, ComponentTooLargeError and CorruptComponentError for what cannot be a component, and
   * TooManyFunctionsError, UnsupportedComponentError and PreparationFailedError for one that cannot be made runnable; CacheError when
   * the cache cannot be used.
   */
  async prepare(bytes: Uint8Array): Promise<PreparedComponent> {
    checkComponentBytes(bytes, this.#options.maxModuleBytes);
    const own = new Uint8Array(bytes);
    const digest = digestOf(own);
    const underWay = this.#underWay.get(digest);
    if (underWay !== undefined) return underWay;
    const preparation = this.#load(digest, own).finally(() => this.#underWay.delete(digest));
    this.#underWay.set(digest, preparation);
    return preparation;
  }

  /** How many threads there are for instances, and how many of them wait for one. */
  get workers(): WorkerCounts {
    return this.#workers.counts;
  }

  /** Starts the idle workers ahead of the first launch that needs one; resolves when they are ready. */
  async warmUp(): Promise<void> {
    await this.#workers.warmUp();
  }

  /** Ends all workers, with what runs on them; resolves when their threads are gone. Instances on this thread are not affected. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#workers[Symbol.asyncDispose]();
  }

  async #load(digest: string, bytes: Uint8Array): Promise<PreparedComponent> {
    try {
      return await this.#cache.use(digest, async (entry) => {
        const kept = await this.#cache.read(entry);
        const artifact = kept ?? (await this.#queue.add(() => this.#build(digest, bytes, entry)));
        const { maxFunctions } = this.#options;
        // What is kept may have been prepared by an engine that accepts more.
        if (artifact.functions > maxFunctions) throw new TooManyFunctionsError(artifact.functions, maxFunctions);
        const loaded = await loadArtifact(digest, artifact, entry.file);
        if (kept === undefined) await this.#cache.evict();
        return new PreparedComponent(loaded, this.#options.clock, this.#options.timers, this.#workers);
      });
    } catch (error) {
      throw this.#cache.typed(error);
    }
  }

  async #build(digest: string, bytes: Uint8Array, entry: CacheEntry): Promise<Artifact> {
    const { prepareMemoryBytes: memoryBytes, prepareTimeoutMs, maxFunctions } = this.#options;
    const artifact = await this.#cache.fill(entry, async (directory) => {
      const componentFile = join(directory, "component.wasm");
      const artifactFile = join(directory, "artifact");
      await writeFile(componentFile, bytes);
      const { key } = entry;
      await prepareInChild({ digest, key, componentFile, artifactFile, memoryBytes, maxFunctions }, prepareTimeoutMs);
      return artifactFile;
    });
    if (artifact === undefined) throw new PreparationFailedError(digest, "crash", "what it wrote cannot be read back");
    return artifact;
  }
}

const COUNTS = [
  "cacheBytes",
  "maxModuleBytes",
  "maxFunctions",
  "prepareTimeoutMs",
  "prepareMemoryBytes",
  "prepareConcurrency",
] as const;

function validated(options: Required<EngineOptions>): Required<EngineOptions> {
  if (typeof options.cacheDirectory !== "string" || options.cacheDirectory === "") {
    throw new BadOptionError("cacheDirectory", "the path of a directory", options.cacheDirectory);
  }
  for (const option of COUNTS) {
    const value = options[option];
    if (!Number.isSafeInteger(value) || value < 1) throw new BadOptionError(option, "a positive whole number", value);
  }
  return options;
}
