import type { Store } from "../store.ts";

/** The names of all namespaces of a store that hold something. */
export async function* namesIn(store: Store): AsyncGenerator<string, void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await store.listNamespaces({ cursor });
    yield* page.keys;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
