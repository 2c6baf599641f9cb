import type { Isolation } from "@airssys/engine";
import { ActorSystem, type ActorRef, type ActorSystemOptions, type Clock, type SupervisorNode } from "@airssys/rt";
import type { ConfigTable, ManifestInput, SupervisionInput } from "@airssys/security";
import { openMemoryStore } from "@airssys/storage";
import { EventRecorder, VirtualClock } from "@airssys/testkit";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import {
  ComponentHost,
  rawPayload,
  type ComponentHostOptions,
  type ComponentMessage,
  type ComponentSource,
  type GuestLogLine,
  type InstalledComponent,
  type InstallOptions,
} from "../src/index.ts";
import { buildFolder, guest, type GuestName } from "./guests.ts";

type Messaging = NonNullable<NonNullable<ManifestInput["capabilities"]>["messaging"]>;

/** How a component of a test differs from one that may do everything. */
export interface Casting {
  /** `puppet` unless said. */
  readonly guest?: GuestName;
  readonly maxBytes?: number;
  readonly maxFuel?: number;
  readonly timeoutMs?: number;
  readonly messaging?: Messaging;
  readonly messagesPerSecond?: number;
  /** Namespaces, none unless said. */
  readonly storage?: readonly string[];
  readonly storageBytes?: number;
  readonly quotas?: NonNullable<ManifestInput["quotas"]>;
  /** What it asks for of the system, nothing unless said. */
  readonly system?: Pick<
    NonNullable<ManifestInput["capabilities"]>,
    "filesystem" | "network" | "process" | "environment"
  >;
  readonly supervision?: SupervisionInput;
  readonly config?: ConfigTable;
  /** 1.0.0 unless said. */
  readonly version?: string;
}

/** For floods that take more than a message may take by default. */
export const plentyOfFuel = 10_000_000_000;

const everything: Messaging = { send: ["*/*"], publish: ["#"], subscribe: ["#"], receiveFrom: ["*/*"] };

/** A manifest for `test/<name>`. */
export function manifestFor(
  name: string,
  { maxBytes, maxFuel, timeoutMs, messaging, messagesPerSecond, version = "1.0.0", ...rest }: Casting,
): ManifestInput {
  const {
    supervision,
    config = { codecs: "" },
    storage: namespaces = [],
    storageBytes = 1_000_000,
    quotas,
    system = {},
  } = rest;
  return {
    component: { namespace: "test", name, version, artifact: `${name}.wasm`, description: "A test's own" },
    resources: {
      memory: { maxBytes: maxBytes ?? 4_194_304 },
      cpu: { maxFuel: maxFuel ?? 100_000_000, timeoutMs: timeoutMs ?? 300_000 },
    },
    capabilities: { messaging: messaging ?? everything, storage: { namespaces }, ...system },
    quotas: {
      messagesPerSecond: messagesPerSecond ?? 1_000_000,
      storageBytes,
      memoryBytes: 1_000_000_000_000,
      ...quotas,
    },
    ...(supervision === undefined ? {} : { supervision }),
    config,
  };
}

/** The component `test/<name>`, ready to be installed. */
export async function sourceOf(name: string, casting: Casting = {}): Promise<ComponentSource> {
  return { manifest: manifestFor(name, casting), artifact: await guest(casting.guest ?? "puppet") };
}

const utf8 = new TextDecoder();

/** The script of commands as a payload. */
export function script(...commands: readonly string[]): ReturnType<typeof rawPayload> {
  return rawPayload(new TextEncoder().encode(commands.join("\n")));
}

/** The text behind the codec of a reply. */
export function textOf(reply: unknown): string {
  if (!(reply instanceof Uint8Array)) throw new TypeError(`no payload: ${String(reply)}`);
  return utf8.decode(reply.subarray(1));
}

export interface StageOptions extends ActorSystemOptions {
  /** Where components run, unless that is said when they are installed. */
  readonly isolation?: Isolation;
}

/** An actor system on a virtual clock with a component host, torn down with the test. */
export class Stage implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly system: ActorSystem;
  readonly events: EventRecorder;
  readonly host: ComponentHost;
  /** What components logged or printed. */
  readonly lines: GuestLogLine[] = [];
  readonly #isolation: InstallOptions;
  readonly #armed = new Map<number, PromiseWithResolvers<void>>();

  constructor({ isolation, ...options }: StageOptions = {}, hostOptions: ComponentHostOptions = {}) {
    this.#isolation = isolation === undefined ? {} : { isolation };
    this.clock = new VirtualClock({ wallTime: 1_700_000_000_000 });
    const { clock } = this;
    const watched: Clock = {
      now: () => clock.now(),
      wallTime: () => clock.wallTime(),
      schedule: (callback, delayMs) => {
        this.#timerOf(delayMs).resolve();
        return clock.schedule(callback, delayMs);
      },
    };
    this.system = new ActorSystem("test", { clock: watched, random: () => 0.5, ...options });
    this.events = new EventRecorder(this.system);
    this.host = new ComponentHost(this.system, {
      engine: { cacheDirectory: fileURLToPath(new URL("prepared/", buildFolder)) },
      ceilings: { fuel: plentyOfFuel },
      writeLog: (line) => this.lines.push(line),
      storage: openMemoryStore(),
      ...hostOptions,
    });
    onTestFinished(() => this[Symbol.asyncDispose]());
  }

  async install(name: string, casting: Casting = {}, options: InstallOptions = {}): Promise<InstalledComponent> {
    // Computing takes time of the machine, which the virtual clock knows nothing of.
    const quotas = { isCpuMetered: false };
    return this.host.install(await sourceOf(name, casting), { ...this.#isolation, quotas, ...options });
  }

  /** Installs and starts a component without a supervisor. */
  async spawn(name: string, casting: Casting = {}): Promise<ActorRef<ComponentMessage>> {
    return this.start(await this.install(name, casting), name);
  }

  /** Resolves when a timer of that length has been armed: that of a guest that sleeps so long. */
  async armed(delayMs: number): Promise<void> {
    await this.#timerOf(delayMs).promise;
    this.#armed.delete(delayMs);
  }

  /** Starts an installed component that is supposed to start. */
  async start(component: InstalledComponent, id?: string): Promise<ActorRef<ComponentMessage>> {
    const ref = this.system.spawn(component.start, id === undefined ? {} : { id });
    await this.events.next("actor-started", ref.path);
    return ref;
  }

  /** Installs a component and starts it under a supervisor of its own, as its manifest says. */
  async supervise(name: string, casting: Casting = {}): Promise<Supervised> {
    const component = await this.install(name, casting);
    const supervisor = await this.system.supervise({
      id: `${name}-supervisor`,
      strategy: "one-for-one",
      children: [component.childSpec()],
    });
    return { supervisor, ref: supervisor.child<ComponentMessage>(name), component };
  }

  #timerOf(delayMs: number): PromiseWithResolvers<void> {
    const timer = this.#armed.get(delayMs) ?? Promise.withResolvers<void>();
    this.#armed.set(delayMs, timer);
    return timer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopping = this.system.shutdown();
    await this.clock.advance(60_000);
    await stopping;
    this.events[Symbol.dispose]();
    await this.host[Symbol.asyncDispose]();
  }
}

export interface Supervised {
  readonly supervisor: SupervisorNode;
  readonly ref: ActorRef<ComponentMessage>;
  readonly component: InstalledComponent;
}

/** Has a puppet run a script, and tells what it replied, line by line. */
export async function perform(puppet: ActorRef<ComponentMessage>, ...commands: readonly string[]): Promise<string[]> {
  return textOf(await puppet.ask(script(...commands))).split("\n");
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new TypeError("expected a rejection");
}
