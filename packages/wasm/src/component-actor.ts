import { BadArgumentError as EngineBadArgumentError, type Answer, type PreparedComponent } from "@airssys/engine";
import { refuse, replyLater, type Actor, type ExitReason, type HealthReport, type Refusal } from "@airssys/rt";
import { Death, isActorMessage, type ActorMessage } from "./actor-message.ts";
import type { Call, Execute } from "./component-message.ts";
import {
  BadArgumentError,
  ComponentRefusedError,
  InitRefusedError,
  MessageTooLargeError,
  PayloadError,
  UnknownExportError,
  UnknownMessageError,
} from "./errors.ts";
import type { ComponentMetadata } from "./generated/airssys-core-component-component-lifecycle.ts";
import type { HealthStatus } from "./generated/airssys-core-types-types.ts";
import { Guest } from "./guest.ts";
import type { Incarnation, IncarnationContext } from "./incarnation.ts";
import { isLargerThan, maxMessageBytes } from "./message-size.ts";
import type { Callback } from "./outstanding-requests.ts";
import { codecOf } from "./payload.ts";
import { remark } from "./printable.ts";
import { toExecutionContext, toWitMessage } from "./wit-message.ts";

/**
 * A component as an actor. Each object is one incarnation with an instance of its own: when the component traps, the trap leaves
 * the handler like any exception, and the supervisor makes a new ComponentActor. An error that the component returns is an
 * answer, and so is what keeps a message from reaching it: the asker gets it, and without an asker the message becomes a dead
 * letter.
 */
export class ComponentActor implements Actor<ActorMessage> {
  readonly #prepared: PreparedComponent;
  readonly #incarnation: Incarnation;
  readonly #maxMessageBytes: number;
  #made: Guest | undefined;

  constructor(prepared: PreparedComponent, incarnation: Incarnation) {
    this.#prepared = prepared;
    this.#incarnation = incarnation;
    this.#maxMessageBytes = maxMessageBytes(incarnation.manifest);
  }

  /** Made when the actor starts, not with it: what its start functions ask the host for belongs to this incarnation. */
  get #guest(): Guest {
    this.#made ??= new Guest(this.#prepared, this.#incarnation);
    return this.#made;
  }

  preStart(): void {
    const { address, id, manifest, directory } = this.#incarnation;
    try {
      const { lifecycle } = this.#guest;
      const started = lifecycle.init([{ id, values: manifest.config }]);
      if (!started.ok) throw new InitRefusedError(address, started.error);
      const metadata = valueOf(lifecycle.metadata([])) as ComponentMetadata;
      directory.declare(address, metadata);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  receive(message: ActorMessage, context: IncarnationContext): unknown {
    if (!isActorMessage(message)) return refuse(new UnknownMessageError(this.#incarnation.address));
    if (message instanceof Uint8Array) return this.#handleMessage(message, context);
    const { lifecycle } = this.#guest;
    switch (message.kind) {
      case "callback":
        return this.#handleCallback(message);
      case "call":
        return this.#call(message);
      case "execute":
        return this.#execute(message, context);
      case "describe-self":
        return this.#enter("metadata", () => lifecycle.metadata([]));
      case "check-health":
        return this.#enter("health", () => lifecycle.health([]));
      case "death":
        throw message.cause;
    }
  }

  health(): HealthReport {
    try {
      const status = valueOf(this.#guest.lifecycle.health([])) as HealthStatus;
      return status.tag === "healthy" ? { status: "healthy" } : { status: status.tag, detail: remark(status.val) };
    } catch (cause) {
      // A failed check does not restart an actor, and its instance is dead.
      this.#incarnation.context.pipeToSelf(Promise.resolve(), () => new Death(cause));
      throw cause;
    }
  }

  postStop(_context: IncarnationContext, reason: ExitReason): void {
    try {
      if (reason.kind !== "error") this.#shutDown();
    } finally {
      this.#release();
    }
  }

  #handleMessage(payload: Uint8Array, context: IncarnationContext): unknown {
    const { address, directory } = this.#incarnation;
    const codec = codecOf(payload);
    if (codec === undefined) return refuse(new PayloadError(`a message to ${address} names no codec`));
    if (!directory.understands(address, codec))
      return refuse(new PayloadError(`${address} does not understand ${codec}`));
    const message = toWitMessage(payload, context, directory);
    const { topic, headers } = message;
    if (isLargerThan(this.#maxMessageBytes, [payload, topic, headers])) return this.#tooLarge();
    const { deferred } = this.#incarnation;
    deferred.begin(context.isAsked);
    const reply = this.#enter("handle-message", () => this.#guest.lifecycle.handleMessage([message]));
    const later = deferred.end();
    return later === undefined ? reply : replyLater(later);
  }

  /** There is no callback for a request that was cancelled while its outcome waited in the mailbox. */
  #handleCallback({ id, outcome }: Callback): unknown {
    if (!this.#incarnation.requests.close(id)) return undefined;
    return this.#enter("handle-callback", () => this.#guest.lifecycle.handleCallback([id, outcome]));
  }

  #call({ name, args }: Call): unknown {
    const exported = this.#guest.exported(name);
    if (exported === undefined) return refuse(new UnknownExportError(this.#incarnation.address, name));
    if (isLargerThan(this.#maxMessageBytes, args)) return this.#tooLarge();
    return this.#enter(name, () => exported(args));
  }

  #execute({ operation }: Execute, context: IncarnationContext): unknown {
    if (isLargerThan(this.#maxMessageBytes, [operation])) return this.#tooLarge();
    return this.#enter("execute", () => this.#guest.lifecycle.execute([operation, toExecutionContext(context)]));
  }

  /** What the export answers. Arguments that it cannot be called with are the caller's mistake: the instance lives on. */
  #enter(operation: string, call: () => Answer): unknown {
    const { address } = this.#incarnation;
    try {
      const answer = call();
      return answer.ok ? answer.value : refuse(new ComponentRefusedError(address, operation, answer.error));
    } catch (error) {
      if (error instanceof EngineBadArgumentError) return refuse(new BadArgumentError(address, operation, error));
      throw error;
    }
  }

  #tooLarge(): Refusal {
    return refuse(new MessageTooLargeError(this.#incarnation.address, this.#maxMessageBytes));
  }

  /** A refusal changes nothing but is not lost: the system tells of it as `post-stop-failed`. */
  #shutDown(): void {
    const answer = this.#guest.lifecycle.shutdown([]);
    if (!answer.ok) throw new ComponentRefusedError(this.#incarnation.address, "shutdown", answer.error);
  }

  #release(): void {
    for (const subscription of this.#incarnation.subscriptions.values()) subscription[Symbol.dispose]();
    this.#incarnation.subscriptions.clear();
    this.#made?.[Symbol.dispose]();
  }
}

/** The value of an export that returns no `result`, and so always answers. */
function valueOf(answer: Answer): unknown {
  return answer.ok ? answer.value : undefined;
}
