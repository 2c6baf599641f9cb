const MOST: u32 = 1024;
const u = new StaticArray<f64>(MOST);
const v = new StaticArray<f64>(MOST);
const between = new StaticArray<f64>(MOST);

/** The spectral norm of an infinite matrix, as far as its first n rows tell, times 10^9. */
export function spectral(n: u32): u32 {
  for (let row: u32 = 0; row < n; row++) u[row] = 1;
  for (let round = 0; round < 10; round++) {
    timesBoth(n, u, v);
    timesBoth(n, v, u);
  }
  let both: f64 = 0;
  let own: f64 = 0;
  for (let row: u32 = 0; row < n; row++) {
    both += u[row] * v[row];
    own += v[row] * v[row];
  }
  return <u32>(Math.sqrt(both / own) * 1e9);
}

function element(row: u32, column: u32): f64 {
  return 1 / <f64>((((row + column) * (row + column + 1)) >> 1) + row + 1);
}

function timesBoth(n: u32, from: StaticArray<f64>, to: StaticArray<f64>): void {
  times(n, from, between);
  timesTransposed(n, between, to);
}

function times(n: u32, from: StaticArray<f64>, to: StaticArray<f64>): void {
  for (let row: u32 = 0; row < n; row++) {
    let sum: f64 = 0;
    for (let column: u32 = 0; column < n; column++) sum += element(row, column) * from[column];
    to[row] = sum;
  }
}

function timesTransposed(n: u32, from: StaticArray<f64>, to: StaticArray<f64>): void {
  for (let row: u32 = 0; row < n; row++) {
    let sum: f64 = 0;
    for (let column: u32 = 0; column < n; column++) sum += element(column, row) * from[column];
    to[row] = sum;
  }
}
