/** Numbers that are the same for the same seed: whole, from 0 to below `bound`. */
export type Random = (bound: number) => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

export function oneOf<T>(random: Random, first: T, ...others: readonly T[]): T {
  return [first, ...others][random(others.length + 1)] ?? first;
}
