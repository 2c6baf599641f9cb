import type { ActorContext, ActorRef, ActorSystem, AnyActorRef, SpawnOptions, Terminated } from "@airssys/rt";
import { Expectation } from "./expectation.ts";

/** An actor that keeps what it gets, for a test to look at. */
export class Probe<M = unknown> {
  readonly ref: ActorRef<M>;
  readonly #messages: M[] = [];
  readonly #expected = new Expectation<M>();
  readonly #terminations = new Expectation<Terminated>();
  #context: ActorContext<M> | undefined;

  constructor(system: ActorSystem, options?: SpawnOptions<M>) {
    this.ref = system.spawn<M>((context) => {
      this.#context = context;
      return {
        receive: (message) => {
          this.#messages.push(message);
          this.#expected.arrive(message);
        },
        onTerminated: (terminated) => this.#terminations.arrive(terminated),
      };
    }, options);
  }

  /** Every message so far, in the order they came, taken or not. */
  get all(): readonly M[] {
    return this.#messages;
  }

  /** Takes the next message, when it comes. */
  next(): Promise<M> {
    return this.#expected.take(() => true);
  }

  /** Takes the first message that matches, when it comes; those before it stay. */
  nextMatching(matches: (message: M) => boolean): Promise<M> {
    return this.#expected.take(matches);
  }

  /** Has the probe watch an actor; `nextTerminated` then tells of its end. */
  watch(ref: AnyActorRef): void {
    this.#context?.watch(ref);
  }

  /** Takes the next end of a watched actor, when it comes. */
  nextTerminated(): Promise<Terminated> {
    return this.#terminations.take(() => true);
  }
}
