/**
 * Fewer and lower decisions that still fail, as few as that many tries find. What is left out makes all that follows mean something
 * else, which is as good: all decisions make a valid module.
 */
export async function shrink(
  choices: readonly number[],
  fails: (choices: readonly number[]) => Promise<boolean>,
  tries = 500,
): Promise<readonly number[]> {
  let smallest = choices;
  let tried = 0;
  const attempt = async (candidate: readonly number[]): Promise<boolean> => {
    tried += 1;
    if (tried > tries || !(await fails(candidate))) return false;
    smallest = candidate;
    return true;
  };
  for (let size = smallest.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < smallest.length;) {
      if (await attempt(smallest.toSpliced(at, size))) continue;
      const zeros = Array.from({ length: Math.min(size, smallest.length - at) }, () => 0);
      await attempt(smallest.toSpliced(at, size, ...zeros));
      at += size;
    }
  }
  return smallest;
}
