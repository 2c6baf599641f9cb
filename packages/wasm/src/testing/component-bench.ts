import { ActorStartError, type ActorSystem, type AnyActorRef, type Clock } from "@airssys/rt";
import { matchesComponent } from "@airssys/security";
import type { ComponentHost } from "../component-host.ts";
import { call, checkHealth, describeSelf, execute } from "../component-message.ts";
import type { ComponentMetrics } from "../component-metrics.ts";
import { BenchFailureError, BenchRejectedError } from "../errors.ts";
import type { ComponentMetadata } from "../generated/airssys-core-component-component-lifecycle.ts";
import type { HealthStatus } from "../generated/airssys-core-types-types.ts";
import type { GuestLogLine } from "../guest-log.ts";
import type { InstalledComponent } from "../installed-component.ts";
import { Callback } from "../outstanding-requests.ts";
import type { BenchRequest } from "./bench-request.ts";
import { Outbox, type PublishedMessage, type SentMessage } from "./outbox.ts";
import { installPeer } from "./peer.ts";
import { quiet } from "./quiet.ts";

/** What comes along with a message. */
export interface MessageOptions {
  /** The component that sends it, as `namespace/name`; nobody that the component knows unless said. */
  readonly from?: string | undefined;
  /** Made up unless said. */
  readonly correlationId?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How long to wait for the answer, by the bench's clock; 5000 unless said. */
  readonly timeoutMs?: number | undefined;
}

export interface BenchParts {
  readonly system: ActorSystem;
  readonly host: ComponentHost;
  readonly component: InstalledComponent;
  readonly logs: GuestLogLine[];
  readonly absent: readonly string[];
  /** Of the memory that a stand-in seems to have: an eighth of it is the most that the component can send to it. */
  readonly peerBytes: number;
}

/** Where the component runs: it is the only one there, so its path never changes. */
const id = "component";
const path = `/user/${id}`;

/**
 * One component alone in an actor system of its own, with stand-ins for everybody else. What is done with it resolves
 * when the component has done all that follows of it, and rejects with `BenchFailureError` when it traps, exceeds a
 * limit, or is down because it did.
 */
export class ComponentBench implements AsyncDisposable {
  /** What the component logged or printed, in order. */
  readonly logs: readonly GuestLogLine[];
  readonly component: InstalledComponent;
  readonly #system: ActorSystem;
  readonly #host: ComponentHost;
  readonly #outbox: Outbox;
  readonly #peerBytes: number;
  /** Those that the host knows, or will. */
  readonly #peers = new Map<string, Promise<void>>();
  #ref: AnyActorRef | undefined;
  #doing = "";
  #failure: BenchFailureError | undefined;
  #isReported = false;
  /** Of the last planned stop. */
  #refusal: { readonly error: unknown } | undefined;

  constructor({ system, host, component, logs, absent, peerBytes }: BenchParts) {
    this.#system = system;
    this.#host = host;
    this.#peerBytes = peerBytes;
    this.component = component;
    this.logs = logs;
    const drive = (doing: string, act: () => void): Promise<void> => this.#handleReply(doing, act);
    this.#outbox = new Outbox(system, component.address, absent, { clock: system.clock, drive });
    system.events.on("actor-failed", (event) => {
      if (event.path === path) this.#fail(event.error);
    });
    system.events.on("post-stop-failed", ({ path: stopped, error }) => {
      if (stopped === path) this.#refusal = { error };
    });
  }

  get clock(): Clock {
    return this.#system.clock;
  }

  /** What it sent with `send`, in order: only what was accepted. */
  get sent(): readonly SentMessage[] {
    return this.#outbox.sent;
  }

  /** What it published, in order: only what was accepted. */
  get published(): readonly PublishedMessage[] {
    return this.#outbox.published;
  }

  /** The requests that it made of others, in order, answered or not. */
  get requests(): readonly BenchRequest[] {
    return this.#outbox.requests;
  }

  /** The patterns that it subscribes to now. */
  get subscriptions(): readonly string[] {
    return this.#ref === undefined ? [] : this.#system.broker.subscriptionsOf(this.#ref).map(({ pattern }) => pattern);
  }

  /** What it reported of itself. */
  get metrics(): ComponentMetrics {
    return this.#host.metrics;
  }

  /**
   * Sends a message and waits for the reply; undefined when it replies with nothing. Rejects with
   * `ComponentRefusedError` when the component answers with an error, with `BenchRejectedError` when its manifest
   * does not have it receive from there, and with what any ask rejects with.
   */
  ask(payload: Uint8Array, options: MessageOptions = {}): Promise<Uint8Array | undefined> {
    return this.#drive(`when it was asked${by(options)}`, async () => {
      await this.#admit(options.from);
      return this.#request(payload, options) as Promise<Uint8Array | undefined>;
    });
  }

  /**
   * Sends a message that nobody waits for the reply of. Rejects with `BenchRejectedError` when the component answers
   * with an error, or does not get it.
   */
  tell(payload: Uint8Array, options: MessageOptions = {}): Promise<void> {
    return this.#deliver(`when it got a message${by(options)}`, payload, async () => {
      await this.#admit(options.from);
      this.#system.broker.send(this.component.address, payload, origin(options));
    });
  }

  /** Publishes, and tells whether the component subscribes to the topic. Else it gets nothing. Rejects like `tell`. */
  publish(topic: string, payload: Uint8Array, options: MessageOptions = {}): Promise<boolean> {
    return this.#deliver(`when it got an event on ${topic}`, payload, async () => {
      await this.#introduce(options.from);
      return this.#system.broker.publish(topic, payload, origin(options)) > 0;
    });
  }

  /** Calls an export by its WIT name, as the message `call` does. */
  call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.#drive(`in ${name}`, () => this.#request(call(name, ...args), {}));
  }

  execute(operation: Uint8Array, options: MessageOptions = {}): Promise<Uint8Array> {
    return this.#drive("in execute", () => this.#request(execute(operation), options) as Promise<Uint8Array>);
  }

  metadata(): Promise<ComponentMetadata> {
    return this.#drive("in metadata", () => this.#request(describeSelf(), {}) as Promise<ComponentMetadata>);
  }

  health(): Promise<HealthStatus> {
    return this.#drive("in health", () => this.#request(checkHealth(), {}) as Promise<HealthStatus>);
  }

  /** Resolves when the component has nothing to do: to be called after the clock was moved. */
  settled(): Promise<void> {
    return this.#drive("while time passed", () => undefined);
  }

  /** Starts the component. Rejects with `BenchFailureError` when it traps or `init` refuses. */
  async start(): Promise<void> {
    this.#doing = "while it started";
    this.#failure = undefined;
    try {
      const { mailbox = {} } = this.component.childSpec();
      this.#ref = this.#system.spawn(this.component.start, { id, mailbox });
    } catch (error) {
      this.#fail(error instanceof ActorStartError ? error.cause : error);
    }
    await this.#quiet();
    this.#throwFailure();
  }

  /** Stops the component as planned: `shutdown` is called. Rejects with `ComponentRefusedError` when that answers with an error. */
  async stop(): Promise<void> {
    const ref = this.#ref;
    this.#ref = undefined;
    this.#refusal = undefined;
    if (ref === undefined) return;
    await this.#system.stop(ref);
    await this.#quiet();
    this.#throwRefusal();
  }

  /** Stops it if it runs, and starts a fresh instance, which goes on from the state of the last if the component keeps one. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends the component. Rejects with its failure, or what `shutdown` refused with, when no call has told of that yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#refusal = undefined;
    await this.#system.shutdown();
    if (!this.#isReported) this.#throwFailure();
    this.#throwRefusal();
  }

  /** Has a component be known under that name, and somebody run there. */
  async addPeer(name: string): Promise<void> {
    await this.#introduce(name);
    this.#outbox.standIn(name);
  }

  #request(payload: unknown, options: MessageOptions): Promise<unknown> {
    const { timeoutMs } = options;
    const timeout = timeoutMs === undefined ? {} : { timeoutMs };
    return this.#system.broker.request(this.component.address, payload, { ...origin(options), ...timeout });
  }

  async #admit(from: string | undefined): Promise<void> {
    await this.#introduce(from);
    const { address, manifest } = this.component;
    const { receiveFrom } = manifest.capabilities.messaging;
    if (from === undefined || receiveFrom.some((pattern) => matchesComponent(pattern, from))) return;
    const granted = receiveFrom.length === 0 ? "nobody" : receiveFrom.join(", ");
    throw new BenchRejectedError(
      address,
      "not-permitted",
      `by [capabilities.messaging] receive_from it receives from ${granted}, not from ${from}`,
    );
  }

  /** A sender is shown to the component only if the host knows a component of that name. */
  #introduce(name: string | undefined): Promise<void> {
    if (name === undefined || name === this.component.address) return Promise.resolve();
    const installed = this.#peers.get(name) ?? installPeer(this.#host, name, this.#peerBytes);
    this.#peers.set(name, installed);
    return installed;
  }

  /** What is delivered without an asker comes back as a dead letter when it is not handled. */
  async #deliver<T>(doing: string, payload: Uint8Array, act: () => Promise<T>): Promise<T> {
    const result = await this.#drive(doing, act);
    const [letter] = this.#system.deadLetters.take(({ message }) => message === payload);
    if (letter === undefined) return result;
    const why =
      letter.reason === "rejected" ? "its answer was an error, which is told to who asks" : "it did not get it";
    throw new BenchRejectedError(this.component.address, letter.reason, why);
  }

  async #handleReply(doing: string, act: () => void): Promise<void> {
    await this.#drive(doing, act);
    const [letter] = this.#system.deadLetters.take(({ message }) => message instanceof Callback);
    if (letter === undefined) return;
    throw new BenchRejectedError(this.component.address, letter.reason, "handle-callback answered with an error");
  }

  /** Who asked may hear of a crash before it is over: what it was is known when all is quiet. */
  async #drive<T>(doing: string, act: () => T | Promise<T>): Promise<T> {
    this.#throwFailure();
    this.#doing = doing;
    try {
      return await act();
    } finally {
      await this.#quiet();
      this.#throwFailure();
    }
  }

  #quiet(): Promise<void> {
    return quiet(this.#system, this.component);
  }

  #fail(cause: unknown): void {
    const { address } = this.component;
    const lastLogged = this.logs.slice(-3).map(({ level, message }) => `${level}: ${message}`);
    this.#failure = new BenchFailureError(address, this.#doing, lastLogged, { cause });
    this.#isReported = false;
    this.#ref = undefined;
  }

  #throwFailure(): void {
    if (this.#failure === undefined) return;
    this.#isReported = true;
    throw this.#failure;
  }

  #throwRefusal(): void {
    const refusal = this.#refusal;
    this.#refusal = undefined;
    if (refusal !== undefined) throw refusal.error;
  }
}

function origin({ from, correlationId, headers }: MessageOptions): Record<
  "sender" | "correlationId",
  string | undefined
> & {
  readonly headers: MessageOptions["headers"];
} {
  return { sender: from, correlationId, headers };
}

function by({ from }: MessageOptions): string {
  return from === undefined ? "" : ` by ${from}`;
}
