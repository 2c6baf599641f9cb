import { type Case, caseOf, difference } from "./differential.ts";
import { shrink } from "./generator/shrink.ts";

/** A problem with its seed, and the smallest module found that has one too. */
export async function explained(seed: number, { choices }: Case, problem: string): Promise<string> {
  const smallest = await shrink(choices, async (candidate) => difference(await caseOf(candidate)) !== undefined);
  const { module } = await caseOf(smallest);
  return `seed ${seed}: ${problem}\nsmaller: ${difference(await caseOf(smallest))}\n${module.text.replaceAll(/\n\s*\n/g, "\n")}`;
}
