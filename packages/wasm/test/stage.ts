import { ActorSystem, type ActorRef, type ActorSystemOptions, type SupervisorNode } from "@airssys/rt";
import type { ConfigTable, ManifestInput, SupervisionInput } from "@airssys/security";
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
  const { supervision, config = { codecs: "" } } = rest;
  return {
    component: { namespace: "test", name, version, artifact: `${name}.wasm`, description: "A test's own" },
    resources: {
      memory: { maxBytes: maxBytes ?? 4_194_304 },
      cpu: { maxFuel: maxFuel ?? 100_000_000, timeoutMs: timeoutMs ?? 300_000 },
    },
    capabilities: { messaging: messaging ?? everything },
    quotas: { messagesPerSecond: messagesPerSecond ?? 1_000_000 },
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

/** An actor system on a virtual clock with a component host, torn down with the test. */
export class Stage implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly system: ActorSystem;
  readonly events: EventRecorder;
  readonly host: ComponentHost;
  /** What components logged or printed. */
  readonly lines: GuestLogLine[] = [];

  constructor(options: ActorSystemOptions = {}, hostOptions: ComponentHostOptions = {}) {
    this.clock = new VirtualClock({ wallTime: 1_700_000_000_000 });
    this.system = new ActorSystem("test", { clock: this.clock, random: () => 0.5, ...options });
    this.events = new EventRecorder(this.system);
    this.host = new ComponentHost(this.system, {
      engine: { cacheDirectory: fileURLToPath(new URL("prepared/", buildFolder)) },
      ceilings: { fuel: plentyOfFuel },
      writeLog: (line) => this.lines.push(line),
      ...hostOptions,
    });
    onTestFinished(() => this[Symbol.asyncDispose]());
  }

  async install(name: string, casting: Casting = {}, options: InstallOptions = {}): Promise<InstalledComponent> {
    return this.host.install(await sourceOf(name, casting), options);
  }

  /** Installs and starts a component without a supervisor. */
  async spawn(name: string, casting: Casting = {}): Promise<ActorRef<ComponentMessage>> {
    const component = await this.install(name, casting);
    return this.system.spawn(component.start, { id: name });
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

  async [Symbol.asyncDispose](): Promise<void> {
    const stopping = this.system.shutdown();
    await this.clock.advance(60_000);
    await stopping;
    this.events[Symbol.dispose]();
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
