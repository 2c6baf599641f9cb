export type PlainTable = Readonly<Record<string, unknown>>;

/** Whether the value is a table: an object with no class of its own. Dates and arrays are none. */
export function isTable(value: unknown): value is PlainTable {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
