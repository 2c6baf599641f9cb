import { type Actor, type ActorContext, type ActorRef, type ExitReason } from "@airssys/rt";
import type { ComponentMessage } from "../component-message.ts";
import { PipelineStoppedError } from "../errors.ts";
import { remark } from "../printable.ts";
import { decide, intakeError } from "./decision.ts";
import { DEAD_LETTERS, OUTPUT, type PipelineDefinition } from "./definition.ts";
import type { Desk, Item, Seat } from "./desk.ts";
import type { Input } from "./input.ts";
import type { Outlet, PipelineOutput } from "./outlet.ts";

type StageDesk = Desk<ActorRef<ComponentMessage>>;
type StageSeat = Seat<ActorRef<ComponentMessage>>;

export type RunnerMessage =
  | { readonly kind: "pushed"; readonly input: Input }
  | {
      readonly kind: "attempted";
      readonly desk: StageDesk;
      readonly seat: StageSeat;
      readonly item: Item;
      readonly outcome: PromiseSettledResult<unknown>;
    }
  | { readonly kind: "due"; readonly desk: StageDesk; readonly seat: StageSeat; readonly item: Item }
  | {
      readonly kind: "delivered";
      readonly input: Input;
      readonly output: PipelineOutput;
      readonly outcome: PromiseSettledResult<unknown>;
    };

/** What a runner works on; it outlives the runner. */
export interface Works {
  readonly definition: PipelineDefinition;
  readonly desks: ReadonlyMap<string, StageDesk>;
  readonly outlet: Outlet;
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Asks the stages and hands on what they reply. It keeps each item until the next stage, the outlet or an error route has taken it, so
 * that an instance that crashes loses nothing; an item holds its place at a stage while it waits to be tried again, so that none behind
 * it overtakes.
 */
export class PipelineRunner implements Actor<RunnerMessage> {
  readonly #works: Works;
  readonly #context: ActorContext<RunnerMessage>;
  /** The inputs under way in the order pushed, each with the outputs that wait for those before it. */
  readonly #inputs = new Map<Input, PipelineOutput[]>();
  #timers = 0;

  constructor(works: Works, context: ActorContext<RunnerMessage>) {
    this.#works = works;
    this.#context = context;
    for (const desk of works.desks.values()) desk.clear();
  }

  receive(message: RunnerMessage): void {
    // A dead letter that is sent again comes bare, and belongs to no input.
    if (!("kind" in message)) {
      this.#context.deadLetter(message, "rejected");
      return;
    }
    switch (message.kind) {
      case "pushed":
        this.#begin(message.input);
        return;
      case "attempted":
        this.#conclude(message.desk, message.seat, message.item, message.outcome);
        return;
      case "due":
        this.#attempt(message.desk, message.seat, message.item);
        return;
      case "delivered":
        this.#delivered(message.input, message.output, message.outcome);
        return;
    }
  }

  /** Whoever pushed what is under way has it again. */
  postStop(_context: ActorContext<RunnerMessage>, reason: ExitReason): void {
    const cause = reason.kind === "error" ? { cause: reason.error } : {};
    const error = new PipelineStoppedError(this.#works.definition.name, cause);
    this.#works.outlet.clear();
    for (const input of this.#inputs.keys()) input.lose(error);
    this.#inputs.clear();
  }

  #begin(input: Input): void {
    this.#inputs.set(input, []);
    this.#put(this.#works.definition.entry, { input, payload: input.payload, headers: NO_HEADERS, attempts: 0 });
  }

  #put(stage: string, item: Item): void {
    const desk = this.#works.desks.get(stage);
    if (desk === undefined) throw new TypeError(`${this.#works.definition.name} has no stage ${stage}`);
    desk.put(item);
    this.#fill(desk);
  }

  #fill(desk: StageDesk): void {
    for (let next = desk.next(); next !== undefined; next = desk.next()) this.#attempt(desk, next.seat, next.item);
  }

  #attempt(desk: StageDesk, seat: StageSeat, item: Item): void {
    item.attempts += 1;
    this.#context.pipeToSelf(this.#ask(desk, seat, item), (outcome) => ({
      kind: "attempted",
      desk,
      seat,
      item,
      outcome,
    }));
  }

  #ask(
    { stage, givesCopies }: StageDesk,
    { ref }: StageSeat,
    { input, payload, headers, attempts }: Item,
  ): Promise<unknown> {
    const refusal = intakeError(stage, payload);
    if (refusal !== undefined) return Promise.reject(refusal);
    const { name } = this.#works.definition;
    return this.#context.system.broker.request(ref, givesCopies ? new Uint8Array(payload) : payload, {
      timeoutMs: stage.timeoutMs,
      correlationId: `${name}.${input.id}`,
      headers: { pipeline: name, stage: stage.name, attempt: String(attempts), ...headers },
    });
  }

  #conclude(desk: StageDesk, seat: StageSeat, item: Item, outcome: PromiseSettledResult<unknown>): void {
    const { stage, counts } = desk;
    const { input } = item;
    const decision = decide(stage, item.attempts, outcome);
    switch (decision.kind) {
      case "retry":
        counts.retries += 1;
        this.#retry(desk, seat, item, decision.afterMs);
        return;
      case "forward":
        counts.handled += 1;
        input.items += stage.to.length - 1;
        for (const target of stage.to) this.#forward(target, desk, input, decision.payload);
        break;
      case "filter":
        counts.filtered += 1;
        input.filtered += 1;
        input.items -= 1;
        break;
      case "give-up":
        counts.failed += 1;
        input.failures.push({
          stage: stage.name,
          payload: item.payload,
          error: decision.error,
          attempts: item.attempts,
          routedTo: stage.onError,
        });
        if (stage.onError === DEAD_LETTERS) {
          this.#context.deadLetter(item.payload, decision.reason);
          input.items -= 1;
        } else this.#put(stage.onError, { ...item, headers: describeFailure(stage.name, decision.error), attempts: 0 });
        break;
    }
    seat.busy -= 1;
    this.#fill(desk);
    this.#checkLeft(input);
  }

  #retry(desk: StageDesk, seat: StageSeat, item: Item, afterMs: number): void {
    if (afterMs === 0) {
      this.#attempt(desk, seat, item);
      return;
    }
    this.#timers += 1;
    this.#context.timers.sendAfter(`retry-${this.#timers}`, afterMs, { kind: "due", desk, seat, item });
  }

  #forward(target: string, { stage }: StageDesk, input: Input, payload: Uint8Array): void {
    if (target === OUTPUT) {
      // Whoever takes it may write into it, and it is also on its way to a stage.
      const own = stage.to.length > 1 ? new Uint8Array(payload) : payload;
      this.#offer(input, { payload: own, stage: stage.name, type: stage.gives.type, input: input.id });
    } else this.#put(target, { input, payload, headers: NO_HEADERS, attempts: 0 });
  }

  #offer(input: Input, output: PipelineOutput): void {
    const isFirst = this.#inputs.keys().next().value === input;
    if (this.#works.definition.ordered && !isFirst) this.#inputs.get(input)?.push(output);
    else this.#deliver(input, output);
  }

  #deliver(input: Input, output: PipelineOutput): void {
    this.#context.pipeToSelf(this.#works.outlet.offer(output), (outcome) => ({
      kind: "delivered",
      input,
      output,
      outcome,
    }));
  }

  #delivered(input: Input, { payload }: PipelineOutput, outcome: PromiseSettledResult<unknown>): void {
    if (outcome.status === "fulfilled") input.delivered += 1;
    else {
      const error: unknown = outcome.reason;
      input.failures.push({ stage: OUTPUT, payload, error, attempts: 1, routedTo: DEAD_LETTERS });
      this.#context.deadLetter(payload, "rejected");
    }
    input.items -= 1;
    this.#checkLeft(input);
  }

  #checkLeft(input: Input): void {
    if (input.items > 0) return;
    this.#inputs.delete(input);
    input.leave();
    const first = this.#inputs.entries().next().value;
    if (first !== undefined) for (const output of first[1].splice(0)) this.#deliver(first[0], output);
  }
}

/** What the stage on an error route is told of why it gets an item. */
function describeFailure(stage: string, error: unknown): Readonly<Record<string, string>> {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return {
    "failed-stage": stage,
    "error-code": code,
    error: remark(error instanceof Error ? error.message : String(error)),
  };
}
