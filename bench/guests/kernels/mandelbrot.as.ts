const ITERATIONS = 50;

/** How many of n × n points belong to the set, as far as fifty iterations tell. */
export function mandelbrot(n: u32): u32 {
  let inside: u32 = 0;
  for (let row: u32 = 0; row < n; row++) {
    const ci: f64 = (2 * <f64>row) / n - 1;
    for (let column: u32 = 0; column < n; column++) {
      if (stays((2 * <f64>column) / n - 1.5, ci)) inside++;
    }
  }
  return inside;
}

function stays(cr: f64, ci: f64): bool {
  let zr: f64 = 0, zi: f64 = 0, squareR: f64 = 0, squareI: f64 = 0;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    zi = 2 * zr * zi + ci;
    zr = squareR - squareI + cr;
    squareR = zr * zr;
    squareI = zi * zi;
    if (squareR + squareI > 4) return false;
  }
  return true;
}
