import { ActorCell, cellOf } from "./actor-cell.ts";
import type { LogSink } from "./actor-log.ts";
import type { ActorFactory, ActorHost, SpawnOptions } from "./actor.ts";
import type { ActorRef, AnyActorRef } from "./actor-ref.ts";
import type { AnyDynamicSpec, ChildTemplate, DynamicSpec, SupervisorSpec } from "./child-spec.ts";
import { hostTurns, systemClock, type Clock } from "./clock.ts";
import { type DeadLetterOptions, DeadLetters } from "./dead-letters.ts";
import { consoleLog } from "./console-log.ts";
import { DeadlineWheel } from "./deadline-wheel.ts";
import { Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
import { Envelope } from "./envelope.ts";
import { InvalidOptionError, SystemStoppedError } from "./errors.ts";
import type { DynamicSupervisor } from "./dynamic-supervisor.ts";
import { EventStream } from "./event-stream.ts";
import { SHUTDOWN, type ExitReason } from "./exit-reason.ts";
import { logFailures } from "./failure-log.ts";
import { adopt, release } from "./family.ts";
import type { Kernel } from "./kernel.ts";
import { lifecycle } from "./lifecycle.ts";
import { LocalBroker, type BrokerOptions } from "./local-broker.ts";
import { LocalRegistry } from "./local-registry.ts";
import { LocalSupervisor } from "./local-supervisor.ts";
import { messageLoop } from "./message-loop.ts";
import type { MessageBroker } from "./message-broker.ts";
import type { Registry } from "./registry.ts";
import type { ChildOf } from "./supervisor-node.ts";
import type { TreeNode } from "./tree-node.ts";
import { TurnClock } from "./turn-clock.ts";

export interface ActorSystemOptions {
  /** Time for deadlines, delays and stamps; the machine's own unless given. */
  readonly clock?: Clock;
  /** Numbers from 0 to below 1, for jitter and ids. */
  readonly random?: () => number;
  readonly broker?: BrokerOptions;
  readonly deadLetters?: DeadLetterOptions;
  readonly dispatcher?: DispatcherOptions;
  /**
   * Where failures are noted, and what actors note with `context.log`: the host's console from level `info` on, unless said; `false` is
   * nowhere. With a clock of your own nothing is noted unless you say where: that is a test. Must not throw.
   */
  readonly log?: LogSink | false;
}

/** What was done at once needs no promise of its own. */
const DONE: Promise<void> = Promise.resolve();

/** A tree of actors with what they share. Stops all of them when disposed. */
export class ActorSystem implements ActorHost {
  readonly name: string;
  readonly clock: Clock;
  readonly events: EventStream;
  readonly deadLetters: DeadLetters;
  readonly registry: Registry;
  readonly broker: MessageBroker;
  readonly #localBroker: LocalBroker;
  readonly #kernel: Kernel<ActorCell>;
  readonly #root: ActorCell;
  #shuttingDown: Promise<void> | undefined;

  constructor(name: string, options: ActorSystemOptions = {}) {
    const { clock = systemClock, random = Math.random, broker = {}, deadLetters = {}, dispatcher = {} } = options;
    const { log = clock === systemClock ? consoleLog() : false } = options;
    this.name = name;
    this.clock = clock;
    this.events = new EventStream();
    if (log !== false) logFailures(this.events, log, () => clock.wallTime());
    this.deadLetters = new DeadLetters(deadLetters, this.events);
    this.registry = new LocalRegistry(this.events);
    let perishables = 0;
    const turns = new Dispatcher(hostTurns, dispatcher);
    const turnClock = new TurnClock(clock, turns);
    const origin = `${name}.${Math.trunc(random() * 2 ** 32).toString(36)}`;
    this.#localBroker = new LocalBroker(origin, turnClock, this.registry, this.deadLetters, this.events, broker);
    this.broker = this.#localBroker;
    this.#kernel = {
      life: lifecycle,
      loop: messageLoop,
      clock,
      turnClock,
      random,
      log: log === false ? undefined : log,
      broker: this.#localBroker,
      perishable: (recipient, message, timeoutMs) => {
        if (!(timeoutMs >= 0)) throw new InvalidOptionError("timeoutMs", "at least 0", timeoutMs);
        perishables += 1;
        const now = clock.wallTime();
        const deadline = now + timeoutMs;
        return new Envelope("tell", recipient.path, message, `${origin}.tell`, perishables, now, { deadline });
      },
      events: this.events,
      deadLetters: this.deadLetters,
      deadlines: new DeadlineWheel(clock),
      dispatcher: turns,
      host: this,
    };
    this.#root = new ActorCell(this.#kernel, null, () => ({ receive: () => undefined }), "user", undefined);
    void this.#root.start();
  }

  /** Whether no actor has a message it could handle now. One that waits for a promise does not count. */
  get isIdle(): boolean {
    return this.#kernel.dispatcher.isIdle;
  }

  /**
   * Starts an actor at the top of the tree. When it crashes it stops, and its watchers are told; to have it restarted, use
   * `supervise`.
   * @throws ActorStartError when its factory or `preStart` throws; DuplicateIdError when the id is taken.
   */
  spawn<M>(factory: ActorFactory<M>, options?: SpawnOptions<NoInfer<M>>): ActorRef<M> {
    if (this.#shuttingDown !== undefined) throw new SystemStoppedError(this.name);
    return this.#root.spawn(factory, options);
  }

  /**
   * Starts a supervisor with its children, in order, and resolves when the last has started. When one does not start, those
   * before it are stopped in reverse, and the promise rejects with ActorStartError and the cause.
   */
  supervise<const Spec extends SupervisorSpec>(spec: Spec): Promise<ChildOf<Spec>>;
  async supervise(spec: SupervisorSpec): Promise<unknown> {
    return this.#supervise(spec);
  }

  /** Starts a supervisor whose children come and go, all made from one template. It starts with none. */
  superviseDynamic<Argument, const Template extends ChildTemplate>(
    spec: DynamicSpec<Argument, Template>,
  ): Promise<DynamicSupervisor<Argument, ChildOf<Template>>>;
  async superviseDynamic(spec: AnyDynamicSpec): Promise<unknown> {
    const supervisor = await this.#supervise(spec);
    return supervisor.self;
  }

  /**
   * Stops an actor after the message at hand and resolves when it has stopped. What waits in its mailbox becomes dead letters.
   * A permanent child of a supervisor is restarted: to keep it down, use `terminateChild`.
   */
  stop(ref: AnyActorRef): Promise<void> {
    return cellOf(ref).dismiss(SHUTDOWN) ?? DONE;
  }

  /** Resolves with the reason when an actor is down for good, which a restart is not; at once, when it is. */
  whenStopped(ref: AnyActorRef): Promise<ExitReason> {
    const cell = cellOf(ref);
    if (cell.isStopped) return Promise.resolve(cell.reason);
    const { promise, resolve } = Promise.withResolvers<ExitReason>();
    const detach = cell.attach({
      [Symbol.dispose]: () => {
        detach();
        resolve(cell.reason);
      },
    });
    return promise;
  }

  /** The tree as it is now: plain data. */
  tree(): TreeNode {
    return this.#root.describe();
  }

  /** Stops everything, the youngest first, each within its shutdown time, and resolves when it is done. */
  shutdown(): Promise<void> {
    this.#shuttingDown ??= this.#shutDown();
    return this.#shuttingDown;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #supervise(spec: SupervisorSpec | AnyDynamicSpec): Promise<LocalSupervisor> {
    if (this.#shuttingDown !== undefined) throw new SystemStoppedError(this.name);
    this.#root.claim(spec.id);
    const root = this.#root;
    const free = (): void => {
      release(root, supervisor);
      root.disclaim(spec.id);
    };
    let supervisor: LocalSupervisor;
    try {
      supervisor = new LocalSupervisor(this.#kernel, root.path, spec, free);
    } catch (error) {
      root.disclaim(spec.id);
      throw error;
    }
    adopt(root, supervisor);
    await supervisor.start();
    return supervisor;
  }

  async #shutDown(): Promise<void> {
    await this.#root.shutDown(SHUTDOWN, "infinity");
    this.#localBroker.close();
    this.#kernel.deadlines.stop();
  }
}
