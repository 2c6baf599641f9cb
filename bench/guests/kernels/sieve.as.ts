const MOST: u32 = 1 << 20;
const isComposite = new StaticArray<bool>(MOST);

/** The number of primes below n. */
export function sieve(n: u32): u32 {
  memory.fill(changetype<usize>(isComposite), 0, n);
  let primes: u32 = 0;
  for (let candidate: u32 = 2; candidate < n; candidate++) {
    if (isComposite[candidate]) continue;
    primes++;
    for (let multiple = candidate * 2; multiple < n; multiple += candidate) isComposite[multiple] = true;
  }
  return primes;
}
