import type { Answer, Instance } from "@airssys/engine";
import { refuse, type Actor, type ExitReason, type HealthReport, type Refusal } from "@airssys/rt";
import type { ComponentMessage } from "./component-message.ts";
import { ComponentRefusedError, InitRefusedError, UnknownExportError } from "./errors.ts";
import type {
  ComponentMessage as WitMessage,
  ComponentMetadata,
  ExecutionContext,
} from "./generated/airssys-core-component-component-lifecycle.ts";
import type { HealthStatus } from "./generated/airssys-core-types-types.ts";
import type { Incarnation, IncarnationContext } from "./incarnation.ts";
import { lifecycleExports, type LifecycleExports } from "./lifecycle-exports.ts";
import type { Callback } from "./outstanding-requests.ts";
import { toTimestamp } from "./timestamp.ts";

/**
 * A component as an actor. Each object is one incarnation with an instance of its own: when the component traps, the trap leaves
 * the handler like any exception, and the supervisor makes a new ComponentActor. An error that the component returns is an
 * answer: the asker gets it, and without an asker the message becomes a dead letter.
 */
export class ComponentActor implements Actor<ComponentMessage | Callback> {
  readonly #incarnation: Incarnation;
  readonly #instance: Instance;
  readonly #exports: LifecycleExports;

  constructor(incarnation: Incarnation, instance: Instance) {
    this.#incarnation = incarnation;
    this.#instance = instance;
    this.#exports = lifecycleExports(instance, incarnation.manifest);
  }

  preStart(): void {
    const { address, id, manifest, directory } = this.#incarnation;
    try {
      const started = this.#exports.init([{ id, values: manifest.config }]);
      if (!started.ok) throw new InitRefusedError(address, started.error);
      const metadata = valueOf(this.#exports.metadata([])) as ComponentMetadata;
      directory.declareCodecs(address, metadata.codecs);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  receive(message: ComponentMessage | Callback, context: IncarnationContext): unknown {
    if (message instanceof Uint8Array) return this.#handleMessage(message, context);
    switch (message.kind) {
      case "callback":
        return this.#handleCallback(message);
      case "call":
        return this.#call(message.name, message.args);
      case "execute":
        return this.#reply("execute", this.#exports.execute([message.operation, executionContext(context)]));
      case "describe-self":
        return this.#reply("metadata", this.#exports.metadata([]));
      case "check-health":
        return this.#reply("health", this.#exports.health([]));
    }
  }

  health(): HealthReport {
    const status = valueOf(this.#exports.health([])) as HealthStatus;
    return status.tag === "healthy" ? { status: "healthy" } : { status: status.tag, detail: status.val };
  }

  postStop(_context: IncarnationContext, reason: ExitReason): void {
    try {
      if (reason.kind !== "error") this.#shutDown();
    } finally {
      this.#release();
    }
  }

  #handleMessage(payload: Uint8Array, { envelope, clock, isAsked }: IncarnationContext): unknown {
    const message: WitMessage = {
      payload,
      timestamp: toTimestamp(envelope?.timestamp ?? clock.wallTime()),
      headers: envelope === undefined ? [] : Object.entries(envelope.headers),
    };
    if (envelope !== undefined) {
      const sender = envelope.sender === undefined ? undefined : this.#incarnation.directory.idOf(envelope.sender);
      if (sender !== undefined) message.sender = sender;
      if (envelope.topic !== undefined) message.topic = envelope.topic;
    }
    if (isAsked) message.correlationId = envelope?.correlationId ?? "direct";
    return this.#reply("handle-message", this.#exports.handleMessage([message]));
  }

  /** There is no callback for a request that was cancelled while its outcome waited in the mailbox. */
  #handleCallback({ id, outcome }: Callback): unknown {
    if (!this.#incarnation.requests.close(id)) return undefined;
    return this.#reply("handle-callback", this.#exports.handleCallback([id, outcome]));
  }

  #call(name: string, args: readonly unknown[]): unknown {
    const exported = this.#instance.exported(name);
    if (exported === undefined) return refuse(new UnknownExportError(this.#incarnation.address, name));
    return this.#reply(name, exported(args));
  }

  #reply(operation: string, answer: Answer): unknown {
    return answer.ok ? answer.value : this.#refusal(operation, answer.error);
  }

  #refusal(operation: string, error: unknown): Refusal {
    return refuse(new ComponentRefusedError(this.#incarnation.address, operation, error));
  }

  /** A refusal changes nothing but is not lost: the system tells of it as `post-stop-failed`. */
  #shutDown(): void {
    const answer = this.#exports.shutdown([]);
    if (!answer.ok) throw new ComponentRefusedError(this.#incarnation.address, "shutdown", answer.error);
  }

  #release(): void {
    for (const subscription of this.#incarnation.subscriptions.values()) subscription[Symbol.dispose]();
    this.#incarnation.subscriptions.clear();
    this.#instance[Symbol.dispose]();
  }
}

/** The value of an export that returns no `result`, and so always answers. */
function valueOf(answer: Answer): unknown {
  return answer.ok ? answer.value : undefined;
}

function executionContext({ envelope, clock }: IncarnationContext): ExecutionContext {
  const context: ExecutionContext = {};
  if (envelope === undefined) return context;
  context.correlationId = envelope.correlationId;
  if (envelope.deadline !== undefined) {
    context.remainingMillis = BigInt(Math.max(0, Math.round(envelope.deadline - clock.wallTime())));
  }
  return context;
}
