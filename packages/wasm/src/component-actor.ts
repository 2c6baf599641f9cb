import { BadArgumentError as EngineBadArgumentError, type Answer, type CallUsage } from "@airssys/engine";
import { refuse, replyLater, type Actor, type ExitReason, type HealthReport, type Refusal } from "@airssys/rt";
import { Death, isActorMessage, type ActorMessage } from "./actor-message.ts";
import type { RunningComponent } from "./component-life.ts";
import type { Call, ComponentMessage, Execute } from "./component-message.ts";
import {
  BadArgumentError,
  ComponentRefusedError,
  MessageTooLargeError,
  PayloadError,
  UnknownExportError,
  UnknownMessageError,
} from "./errors.ts";
import type { ExecutionState } from "./execution.ts";
import type { HealthStatus } from "./generated/airssys-core-types-types.ts";
import type { Guest } from "./guest.ts";
import { startAfter, valueOf } from "./guest-start.ts";
import { keepSnapshot, SnapshotKeeper } from "./snapshot-keeper.ts";
import { subjectOf, type Incarnation, type IncarnationContext } from "./incarnation.ts";
import { andFinally, andThen, orElse, type Later } from "./later.ts";
import { isLargerThan, maxMessageBytes } from "./message-size.ts";
import type { Callback } from "./outstanding-requests.ts";
import { codecOf } from "./payload.ts";
import { remark } from "./printable.ts";
import { replaceGuest } from "./guest-replacement.ts";
import type { Replacement } from "./replacement.ts";
import { sleep } from "./sleep.ts";
import { toExecutionContext, toWitMessage } from "./wit-message.ts";

/**
 * A component as an actor. Each object is one incarnation with an instance of its own: when the component traps, the trap leaves
 * the handler like any exception, and the supervisor makes a new ComponentActor. An error that the component returns is an
 * answer, and so is what keeps a message from reaching it: the asker gets it, and without an asker the message becomes a dead
 * letter.
 */
export class ComponentActor implements Actor<ActorMessage>, RunningComponent {
  #incarnation: Incarnation;
  #maxMessageBytes: number;
  #guest: Guest | undefined;
  #snapshots: SnapshotKeeper;
  #isOver = false;

  constructor(incarnation: Incarnation) {
    this.#incarnation = incarnation;
    this.#maxMessageBytes = maxMessageBytes(incarnation.manifest);
    this.#snapshots = new SnapshotKeeper(incarnation);
  }

  get execution(): ExecutionState {
    return this.#guest?.execution ?? "loading";
  }

  get lastCall(): CallUsage | undefined {
    return this.#guest?.lastCall;
  }

  /** The instance is made when the actor starts, not with it: what its start functions ask the host for belongs to this incarnation. */
  preStart(): Later<void> {
    const { life, signal } = this.#incarnation;
    const subject = subjectOf(this.#incarnation);
    life.lifecycle.take("start");
    signal.addEventListener("abort", () => this.#killed(signal.reason), { once: true });
    return orElse(
      () => {
        life.hooks.preStart?.(subject);
        return andThen(startAfter(this.#incarnation), (guest) => {
          if (this.#isOver) throw signal.reason;
          this.#guest = guest;
          life.started(this);
          life.hooks.postStart?.(subject);
        });
      },
      (error) =>
        andThen(this.#end("fail", error), () => {
          throw error;
        }),
    );
  }

  postRestart(_context: IncarnationContext, reason: ExitReason): void {
    this.#incarnation.life.hooks.onRestart?.(subjectOf(this.#incarnation), reason);
  }

  receive(message: ActorMessage, context: IncarnationContext): Later<unknown> {
    const { address } = this.#incarnation;
    if (!isActorMessage(message)) return refuse(new UnknownMessageError(address));
    const guest = this.#guest;
    if (guest === undefined) return refuse(new UnknownMessageError(address));
    if (!(message instanceof Uint8Array)) {
      if (message.kind === "death") throw message.cause;
      if (message.kind === "replacement") return this.#replace(message, guest);
      if (message.kind === "callback") return this.#handleCallback(message, guest);
    }
    return this.#inTurn(message, guest, context);
  }

  /** Serves it when the component has neither computed nor received more than it may: until then the message waits, or it is refused. */
  #inTurn(message: ComponentMessage, guest: Guest, context: IncarnationContext): Later<unknown> {
    const { life, meters, signal, fail } = this.#incarnation;
    const room = meters.receive(context.envelope !== undefined, fail);
    if (typeof room !== "number") return refuse(room);
    if (room > 0) return sleep(context.clock, room, signal).then(() => this.#inTurn(message, guest, context));
    life.hooks.onMessage?.(subjectOf(this.#incarnation), message);
    return this.#serve(message, guest, context);
  }

  health(): Later<HealthReport> {
    const guest = this.#guest;
    if (guest === undefined) return { status: "unhealthy", detail: "not started" };
    return orElse(
      () =>
        andThen(guest.lifecycle.health([]), (answer): HealthReport => {
          const status = valueOf(answer) as HealthStatus;
          return status.tag === "healthy" ? { status: "healthy" } : { status: status.tag, detail: remark(status.val) };
        }),
      (cause) => {
        // A failed check does not restart an actor, and its instance is dead.
        this.#incarnation.context.pipeToSelf(Promise.resolve(), () => new Death(cause));
        throw cause;
      },
    );
  }

  postStop(_context: IncarnationContext, reason: ExitReason): Later<void> {
    const { life } = this.#incarnation;
    const subject = subjectOf(this.#incarnation);
    const isFailure = reason.kind === "error";
    if (!isFailure && life.lifecycle.can("stop")) life.lifecycle.take("stop");
    return andFinally(
      () => (isFailure ? undefined : this.#shutDown(reason)),
      () => {
        if (this.#isOver) return undefined;
        const ending = isFailure ? this.#end("fail", reason.error) : this.#end("stopped", undefined);
        life.hooks.postStop?.(subject, reason);
        return ending;
      },
    );
  }

  /** Between two messages, ahead of those that wait. */
  replace(replacement: Replacement): void {
    this.#incarnation.context.pipeToSelf(Promise.resolve(), () => replacement);
  }

  #serve(message: ComponentMessage, guest: Guest, context: IncarnationContext): Later<unknown> {
    if (message instanceof Uint8Array) return this.#handleMessage(message, guest, context);
    switch (message.kind) {
      case "call":
        return this.#call(message, guest);
      case "execute":
        return this.#execute(message, guest, context);
      case "describe-self":
        return this.#enter("metadata", () => guest.lifecycle.metadata([]));
      case "check-health":
        return this.#enter("health", () => guest.lifecycle.health([]));
    }
  }

  #handleMessage(payload: Uint8Array, guest: Guest, context: IncarnationContext): Later<unknown> {
    const { address, directory, deferred } = this.#incarnation;
    const codec = codecOf(payload);
    if (codec === undefined) return refuse(new PayloadError(`a message to ${address} names no codec`));
    if (!directory.understands(address, codec))
      return refuse(new PayloadError(`${address} does not understand ${codec}`));
    const message = toWitMessage(payload, context, directory);
    const { topic, headers } = message;
    if (isLargerThan(this.#maxMessageBytes, [payload, topic, headers])) return this.#tooLarge();
    deferred.begin(context.isAsked);
    return andThen(
      this.#enter("handle-message", () => guest.lifecycle.handleMessage([message])),
      (reply) => {
        const later = deferred.end();
        return later === undefined ? reply : replyLater(later);
      },
    );
  }

  /** There is no callback for a request that was cancelled while its outcome waited in the mailbox. */
  #handleCallback({ id, outcome }: Callback, guest: Guest): Later<unknown> {
    if (!this.#incarnation.requests.close(id)) return undefined;
    return this.#enter("handle-callback", () => guest.lifecycle.handleCallback([id, outcome]));
  }

  #call({ name, args }: Call, guest: Guest): Later<unknown> {
    const exported = guest.exported(name);
    if (exported === undefined) return refuse(new UnknownExportError(this.#incarnation.address, name));
    if (isLargerThan(this.#maxMessageBytes, args)) return this.#tooLarge();
    return this.#enter(name, () => exported(args));
  }

  #execute({ operation }: Execute, guest: Guest, context: IncarnationContext): Later<unknown> {
    if (isLargerThan(this.#maxMessageBytes, [operation])) return this.#tooLarge();
    return this.#enter("execute", () => guest.lifecycle.execute([operation, toExecutionContext(context)]));
  }

  /** What the export answers. Arguments that it cannot be called with are the caller's mistake: the instance lives on. */
  #enter(operation: string, call: () => Later<Answer>): Later<unknown> {
    const { address } = this.#incarnation;
    return orElse<unknown>(
      () =>
        andThen(call(), (answer) => {
          const result = answer.ok ? answer.value : refuse(new ComponentRefusedError(address, operation, answer.error));
          return andThen(this.#snapshots.afterMessage(this.#guest), () => result);
        }),
      (error) => {
        if (error instanceof EngineBadArgumentError) return refuse(new BadArgumentError(address, operation, error));
        throw error;
      },
    );
  }

  #tooLarge(): Refusal {
    return refuse(new MessageTooLargeError(this.#incarnation.address, this.#maxMessageBytes));
  }

  #replace(replacement: Replacement, guest: Guest): Later<void> {
    return andThen(replaceGuest(replacement, guest, this.#incarnation), (replaced) => {
      if (replaced === undefined) return;
      this.#guest = replaced.guest;
      this.#incarnation = replaced.incarnation;
      this.#maxMessageBytes = maxMessageBytes(replaced.incarnation.manifest);
      this.#snapshots = new SnapshotKeeper(replaced.incarnation);
    });
  }

  /** A refusal changes nothing but is not lost: the system tells of it as `post-stop-failed`. */
  #shutDown(reason: ExitReason): Later<void> {
    const { address, life } = this.#incarnation;
    const guest = this.#guest;
    if (guest === undefined) return undefined;
    life.hooks.preStop?.(subjectOf(this.#incarnation), reason);
    return andThen(guest.lifecycle.shutdown([]), (answer) =>
      andThen(keepSnapshot(guest, this.#incarnation), () => {
        if (!answer.ok) throw new ComponentRefusedError(address, "shutdown", answer.error);
      }),
    );
  }

  /** The incarnation is over: nothing that goes on after it may touch what is its successor's. */
  #end(step: "fail" | "stopped", why: unknown): Later<void> {
    if (this.#isOver) return undefined;
    this.#isOver = true;
    const ending = this.#guest?.end();
    this.#incarnation.life.ended(step, subjectOf(this.#incarnation), why);
    return ending;
  }

  /** Its actor was killed as it started, or as it stopped: nobody else is told, and nobody waits. */
  #killed(why: unknown): void {
    if (this.#isOver) return;
    const { life, context } = this.#incarnation;
    const wasStopping = life.lifecycle.state === "stopping";
    void orElse<void>(
      () => {
        const ending = this.#end("fail", why);
        if (wasStopping) life.hooks.postStop?.(subjectOf(this.#incarnation), { kind: "error", error: why });
        return ending;
      },
      (error) => context.log.error("a hook failed when the component was killed", { error }),
    );
  }
}
