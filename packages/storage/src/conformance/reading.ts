import { ConformanceError } from "../errors.ts";
import type { Namespace } from "../namespace.ts";
import type { ListOptions } from "../page.ts";

/** A value with the bytes of a text in UTF-8. */
export function value(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

/** The text of what a key holds; undefined when it is not there. */
export async function textAt(namespace: Namespace, key: string): Promise<string | undefined> {
  const entry = await namespace.get(key);
  return entry === undefined ? undefined : textOf(entry.value);
}

export function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString();
}

/** Everything in a namespace, as texts by key. */
export async function contentOf(namespace: Namespace): Promise<readonly (readonly [string, string])[]> {
  const content: (readonly [string, string])[] = [];
  for await (const entry of namespace.entries()) content.push([entry.key, textOf(entry.value)]);
  return content;
}

/** Nothing that the rules list has so many pages. */
const MOST_PAGES = 1000;

/** All keys, page by page. Between two pages `meanwhile` may change something. */
export async function allKeys(
  namespace: Namespace,
  options: ListOptions,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<readonly string[]> {
  const keys: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await namespace.listKeys({ ...options, cursor });
    keys.push(...page.keys);
    cursor = page.cursor;
    if (cursor === undefined) return keys;
    await meanwhile();
  }
  throw new ConformanceError("the pages of a list", "an end", `${MOST_PAGES} pages and more`);
}

/** A call as somebody without types makes it. */
export function untyped(namespace: Namespace, method: keyof Namespace, ...args: readonly unknown[]): unknown {
  const called: unknown = Reflect.get(namespace, method);
  return typeof called === "function" ? Reflect.apply(called, namespace, args) : called;
}
