// The kernels as functions of a world: each takes a size, and answers with a number that depends on all that it did.
export { base64 } from "./base64.as";
export { crc32 } from "./crc32.as";
export { fib } from "./fib.as";
export { json } from "./json.as";
export { mandelbrot } from "./mandelbrot.as";
export { matrix } from "./matrix.as";
export { nbody } from "./nbody.as";
export { quicksort } from "./quicksort.as";
export { search } from "./search.as";
export { sha256 } from "./sha256.as";
export { sieve } from "./sieve.as";
export { spectral } from "./spectral.as";
