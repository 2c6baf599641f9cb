import type { Namespace } from "../src/index.ts";

export function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

export async function textAt(namespace: Namespace, key: string): Promise<string | undefined> {
  const entry = await namespace.get(key);
  return entry === undefined ? undefined : Buffer.from(entry.value).toString();
}

export async function content(namespace: Namespace): Promise<Record<string, string>> {
  const all: [string, string][] = [];
  for await (const { key, value } of namespace.entries()) all.push([key, Buffer.from(value).toString()]);
  return Object.fromEntries(all);
}
