// Five philosophers, five forks, and every order in which they might reach for them that 300 seeds come up with.
//   pnpm example dining-philosophers
import { ActorSystem } from "@airssys/rt";
import { seededDispatch, settled, VirtualClock } from "@airssys/testkit";
import { lay } from "./table.ts";

const SEEDS = 300;
const MEALS = 3;

/** What each of the five has eaten when nobody can go on: `meals` each, or less, if they are stuck. */
async function dine(seed: number, isOrdered: boolean): Promise<readonly number[]> {
  const system = new ActorSystem("table", { clock: new VirtualClock(), dispatcher: seededDispatch(seed) });
  const eaten = [0, 0, 0, 0, 0];
  lay(system, MEALS, isOrdered, (seat) => {
    eaten[seat] = (eaten[seat] ?? 0) + 1;
  });
  await settled(system);
  return eaten;
}

async function seedsThatStick(isOrdered: boolean): Promise<readonly number[]> {
  const stuck: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const eaten = await dine(seed, isOrdered);
    if (eaten.some((meals) => meals < MEALS)) stuck.push(seed);
  }
  return stuck;
}

const greedy = await seedsThatStick(false);
console.log(`Left fork first: ${greedy.length} of ${SEEDS} seeds end with everybody holding one fork.`);
const [first = 0] = greedy;
console.log(`Seed ${first} does so every time: they have eaten ${(await dine(first, false)).join(", ")} meals.`);

const ordered = await seedsThatStick(true);
console.log(`Lower number first: ${ordered.length} of ${SEEDS} seeds.`);
console.log(`Under seed ${first} they now eat ${(await dine(first, true)).join(", ")} meals.`);
process.exitCode = ordered.length === 0 && greedy.length > 0 ? 0 : 1;
