import { type Actor, type ActorContext, type ActorRef, type ActorSystem, type Request } from "@airssys/rt";

/** One who asks for a fork gets the reply when it is his. */
export type ForkMessage = ({ type: "take" } & Request<void>) | { type: "put-down" };

/** Lies on the table or is in one hand; who comes meanwhile is put aside. */
class Fork implements Actor<ForkMessage> {
  #isTaken = false;

  receive(message: ForkMessage, context: ActorContext<ForkMessage>) {
    if (message.type === "take" && this.#isTaken) return context.stash();
    this.#isTaken = message.type === "take";
    if (!this.#isTaken) context.unstashAll();
    return undefined;
  }
}

/** Takes the first fork, then the second, eats, puts both down, and is hungry again until it has had its meals. */
class Philosopher implements Actor<"hungry"> {
  readonly #first: ActorRef<ForkMessage>;
  readonly #second: ActorRef<ForkMessage>;
  #mealsToCome: number;
  readonly #ate: () => void;

  constructor(first: ActorRef<ForkMessage>, second: ActorRef<ForkMessage>, meals: number, ate: () => void) {
    this.#first = first;
    this.#second = second;
    this.#mealsToCome = meals;
    this.#ate = ate;
  }

  async receive(_message: "hungry", context: ActorContext<"hungry">): Promise<void> {
    for (const fork of [this.#first, this.#second]) await context.ask(fork, { type: "take" });
    this.#ate();
    this.#mealsToCome -= 1;
    for (const fork of [this.#first, this.#second]) fork.tell({ type: "put-down" });
    if (this.#mealsToCome > 0) context.self.tell("hungry");
  }
}

/**
 * Five philosophers at a round table, hungry. `ordered`: everybody takes the fork with the lower number first, so that nobody can
 * wait in a circle. Else everybody takes the left one first, and all of them may sit there with one fork each.
 */
export function lay(system: ActorSystem, meals: number, isOrdered: boolean, ate: (seat: number) => void): void {
  const forks = [0, 1, 2, 3, 4].map((number) => system.spawn(() => new Fork(), { id: `fork-${number}` }));
  for (const [seat, left] of forks.entries()) {
    const right = forks[(seat + 1) % forks.length] ?? left;
    const [first, second] = isOrdered && seat === forks.length - 1 ? [right, left] : [left, right];
    system.spawn(() => new Philosopher(first, second, meals, () => ate(seat)), { id: `seat-${seat}` }).tell("hungry");
  }
}
