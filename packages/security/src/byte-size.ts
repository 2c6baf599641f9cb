/** How a manifest writes a number of bytes: those with an `i` are powers of 1024, the others of 1000. */
const units: readonly (readonly [unit: string, bytes: number])[] = [
  ["GiB", 1024 ** 3],
  ["GB", 1000 ** 3],
  ["MiB", 1024 ** 2],
  ["MB", 1000 ** 2],
  ["KiB", 1024],
  ["KB", 1000],
  ["B", 1],
];

const written = /^([1-9]\d{0,15})(GiB|GB|MiB|MB|KiB|KB|B)$/;

/** The bytes that a size such as `100MiB` stands for; undefined for what is none. */
export function readSize(text: string): number | undefined {
  const [, digits, unit] = written.exec(text) ?? [];
  const bytes = units.find(([name]) => name === unit)?.[1];
  return bytes === undefined ? undefined : Number(digits) * bytes;
}

/** The shortest size that reads as that many bytes. */
export function printSize(bytes: number): string {
  const [unit, unitBytes] = units.find(([, each]) => bytes % each === 0) ?? ["B", 1];
  return `${bytes / unitBytes}${unit}`;
}
