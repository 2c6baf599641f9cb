// Four workers share ten thousand jobs, and crash now and then.
//   pnpm example worker-pool
import { ActorSystem, roundRobin, type Actor, type ActorContext, type Request } from "@airssys/rt";

type Job = { readonly limit: number } & Request<number>;

const jobs = Array.from({ length: 10_000 }, (_, index) => index + 1);
/** A worker crashes on these, the first time. */
const unlucky = new Set(jobs.filter((limit) => limit % 100 === 7));

/** Sums the numbers up to a limit. When it has crashed, its successor has the same ref, mailbox and place in the group. */
class Worker implements Actor<Job> {
  preStart(context: ActorContext<Job>): void {
    context.system.registry.join("workers", context.self);
  }

  receive({ limit }: Job): number {
    if (unlucky.delete(limit)) throw new Error(`no luck with ${limit}`);
    return (limit * (limit + 1)) / 2;
  }
}

await using system = new ActorSystem("worker-pool", { log: false }); // the crashes are counted below

const pool = await system.superviseDynamic({
  id: "pool",
  intensity: { maxRestarts: 1000, withinMs: 60_000 },
  // Who asks a worker that has a hundred jobs waiting waits for room, and is not turned away.
  template: () => ({ start: () => new Worker(), mailbox: { capacity: 100, overflow: "block" } }),
});
for (let count = 0; count < 4; count += 1) await pool.startChild();

/** To each worker in turn. A crash ends a worker and not its job: another one is asked. */
const workers = roundRobin<Job>(system.registry.group("workers"));
const sum = (limit: number): Promise<number> => workers.ask({ limit }).catch(() => workers.ask({ limit }));

const results = await Promise.all(jobs.map(sum));
const isRight = results.every((result, index) => result === ((index + 1) * (index + 2)) / 2);
console.log(`${results.length} results, ${isRight ? "all of them right" : "some of them wrong"}`);

const crashes = pool.whichChildren().reduce((total, { restarts }) => total + restarts, 0);
console.log(`${crashes} crashes, and ${pool.countChildren().running} workers running`);
