// Ten thousand jobs, each in a worker of its own, while workers crash.
//   pnpm example worker-pool
import { ActorSystem, type Actor, type Request } from "@airssys/rt";

const JOBS = 10_000;
let crashes = 0;

type Message = { readonly type: "go" } & Request<number>;

/** Sums the numbers up to `limit`. Some fail at their first try: the supervisor starts them anew, with the same job. */
class Summing implements Actor<Message> {
  readonly #limit: number;
  readonly #isDoomed: boolean;

  constructor(limit: number, isDoomed: boolean) {
    this.#limit = limit;
    this.#isDoomed = isDoomed;
  }

  receive(_message: Message): number {
    if (this.#isDoomed) throw new Error(`no luck with ${this.#limit}`);
    return (this.#limit * (this.#limit + 1)) / 2;
  }
}

await using system = new ActorSystem("worker-pool");

const pool = await system.superviseDynamic({
  id: "pool",
  intensity: { maxRestarts: JOBS, withinMs: 60_000 },
  template: (limit: number) => {
    let starts = 0;
    return {
      start: () => {
        starts += 1;
        return new Summing(limit, limit % 7 === 0 && starts === 1);
      },
    };
  },
});

/** One worker per job. When it crashes, the same ref leads to its successor. */
async function sum(limit: number): Promise<number> {
  const worker = await pool.startChild(limit, { id: `job-${limit}` });
  const result = await worker.ask({ type: "go" }).catch(() => {
    crashes += 1;
    return worker.ask({ type: "go" });
  });
  await pool.terminateChild(worker);
  return result;
}

const limits = Array.from({ length: JOBS }, (_, index) => index + 1);
const working = Promise.all(limits.map(sum));
console.log(`${pool.size} workers at work`);
const results = await working;

const isRight = results.every((result, index) => result === ((index + 1) * (index + 2)) / 2);
console.log(`${results.length} results, ${isRight ? "all of them right" : "some of them wrong"}`);
console.log(`${crashes} workers crashed, and their successors did the job`);
console.log(`${pool.size} workers left`);
