import type { Asker } from "./troupe.ts";

/** Keeps the count that each reply brings, and says by how much it rose: a lost or repeated reply is not overlooked. */
export class Replies {
  #last = 0;
  #taken = 0;

  /** Takes a reply, which must be the number of questions that were answered so far. */
  receive(answered: unknown): void {
    if (answered !== this.#last + 1) throw new Error(`reply ${String(answered)} came after reply ${this.#last}`);
    this.#last = answered;
  }

  /** How many were received since it was last taken. */
  take(): number {
    const since = this.#last - this.#taken;
    this.#taken = this.#last;
    return since;
  }
}

/** `together` questions at a time, until `operations` were answered, which is a multiple of it. */
export async function asking(asker: Asker, replies: Replies, operations: number, together: number): Promise<number> {
  const askedInTurn = (): Promise<void> => {
    let left = operations / together;
    return asker.ask((reply) => {
      replies.receive(reply);
      left -= 1;
      return left > 0;
    });
  };
  await Promise.all(Array.from({ length: together }, askedInTurn));
  return replies.take();
}

/** One question after another, each when the one before was answered. */
export async function oneByOne(replies: Replies, operations: number, ask: () => Promise<unknown>): Promise<number> {
  for (let asked = 0; asked < operations; asked += 1) replies.receive(await ask());
  return replies.take();
}
