import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { kernels } from "../src/engine/kernels.ts";

/** What the kernels that work on bytes make for themselves. */
const bytes = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_, at) => at * 31));

const fibonacci = (n: number): number => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));

function primesBelow(n: number): number {
  const isComposite = new Uint8Array(n);
  let primes = 0;
  for (let candidate = 2; candidate < n; candidate += 1) {
    if (isComposite[candidate] === 1) continue;
    primes += 1;
    for (let multiple = candidate * 2; multiple < n; multiple += candidate) isComposite[multiple] = 1;
  }
  return primes;
}

function matrixSum(n: number): number {
  let sum = 0;
  for (let at = 0; at < n; at += 1) {
    let [left, right] = [0, 0];
    for (let other = 0; other < n; other += 1) {
      left += (other * n + at) % 7;
      right += (at * n + other) % 11;
    }
    sum += left * right;
  }
  return sum % 2 ** 32;
}

function looksRandom(n: number): Uint32Array {
  const numbers = new Uint32Array(n);
  let next = 42;
  for (let at = 0; at < n; at += 1) numbers[at] = next = (Math.imul(next, 1664525) + 1013904223) >>> 0;
  return numbers;
}

function sortedSum(n: number): number {
  return looksRandom(n)
    .toSorted()
    .reduce((sum, number, at) => (sum + Math.imul(number, at + 1)) >>> 0, 0);
}

function occurrences(n: number): number {
  const text = Buffer.from(Uint8Array.from(looksRandom(n), (number) => 97 + (number >>> 30))).toString("latin1");
  let found = 0;
  for (let length = 1; length <= 12; length += 1) {
    const word = text.slice(n / 2, n / 2 + length);
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) found += 1;
  }
  return found;
}

function pointsInside(n: number): number {
  let inside = 0;
  for (let row = 0; row < n; row += 1) {
    for (let column = 0; column < n; column += 1) {
      if (stays((2 * column) / n - 1.5, (2 * row) / n - 1)) inside += 1;
    }
  }
  return inside;
}

function stays(cr: number, ci: number): boolean {
  let [zr, zi] = [0, 0];
  for (let iteration = 0; iteration < 50; iteration += 1) {
    [zr, zi] = [zr * zr - zi * zi + cr, 2 * zr * zi + ci];
    if (zr * zr + zi * zi > 4) return false;
  }
  return true;
}

/** Every number adds itself, every string its length, every object and list one. */
function weight(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + weight(each), 1);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, each]) => sum + key.length + weight(each), 1);
}

function weightOfRecords(n: number): number {
  const records = Array.from({ length: n }, (_, id) => ({
    id,
    name: `record "${id * 7919}"`,
    tags: [true, false, null, -12.5e1],
    parent: { id: id >> 1 },
  }));
  return weight(records) >>> 0;
}

/** The same answers from elsewhere: a kernel that computes something else, or nothing, would have others. */
const elsewhere: Readonly<Record<string, (n: number) => number>> = {
  fib: fibonacci,
  sieve: primesBelow,
  matrix: matrixSum,
  sha256: (n) => createHash("sha256").update(bytes(n)).digest().readUInt32BE(),
  crc32: (n) => crc32(bytes(n)),
  quicksort: sortedSum,
  mandelbrot: pointsInside,
  base64: (n) => crc32(bytes(n).toString("base64")),
  json: weightOfRecords,
  search: occurrences,
};

describe.each(Object.keys(elsewhere))("the kernel %s", (name) => {
  it("answers what the same work answers here", () => {
    const kernel = kernels.find(({ fn }) => fn === name);
    expect(kernel?.answer).toBe(elsewhere[name]?.(kernel?.size ?? 0));
  });
});

describe("a kernel whose answer is known", () => {
  // Both from the Computer Language Benchmarks Game.
  it.each([
    ["nbody", 1000, 169_087_605],
    ["spectral", 100, 1_274_219_991],
  ])("%s", (name, size, answer) => {
    expect(kernels.find(({ fn }) => fn === name)).toMatchObject({ size, answer });
  });
});
