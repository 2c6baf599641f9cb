/** One after another of the numbers below 65,537, in an order that looks like chance; the same in every subject. */
export function following(number: number): number {
  return (number * 75 + 74) % 65_537;
}
