const MOST: u32 = 256;
const left = new StaticArray<f64>(MOST * MOST);
const right = new StaticArray<f64>(MOST * MOST);
const product = new StaticArray<f64>(MOST * MOST);

/** The sum of all elements of the product of two n × n matrices of small whole numbers. */
export function matrix(n: u32): u32 {
  for (let at: u32 = 0; at < n * n; at++) {
    left[at] = at % 7;
    right[at] = at % 11;
  }
  multiply(n);
  let sum: f64 = 0;
  for (let at: u32 = 0; at < n * n; at++) sum += product[at];
  return <u32>(<u64>sum);
}

function multiply(n: u32): void {
  for (let row: u32 = 0; row < n; row++) {
    for (let column: u32 = 0; column < n; column++) {
      let sum: f64 = 0;
      for (let at: u32 = 0; at < n; at++) sum += left[row * n + at] * right[at * n + column];
      product[row * n + column] = sum;
    }
  }
}
