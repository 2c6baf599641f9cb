import { createHash } from "node:crypto";
import type { Namespace } from "../namespace.ts";
import type { Store } from "../store.ts";
import { lineOf } from "./export-format.ts";
import { namesIn } from "./names.ts";

/** The lines of a namespace as it was at one moment, each with its newline: for a file, or for `importNamespace`. */
export async function* exportNamespace(namespace: Namespace): AsyncGenerator<string, void, undefined> {
  const hash = createHash("sha256");
  const hashed = (line: string): string => {
    hash.update(line);
    return line;
  };
  let [entries, bytes] = [0, 0];
  yield hashed(lineOf({ format: "airssys-storage", version: 1, namespace: namespace.name }));
  for await (const { key, value } of namespace.entries()) {
    entries += 1;
    bytes += Buffer.byteLength(key) + value.length;
    yield hashed(lineOf({ key, value: base64Of(value) }));
  }
  yield lineOf({ entries, bytes, sha256: hash.digest("hex") });
}

/** The same of all namespaces that hold something, one after another, each as it was at a moment of its own. */
export async function* exportStore(store: Store): AsyncGenerator<string, void, undefined> {
  for await (const name of namesIn(store)) yield* exportNamespace(store.namespace(name));
}

function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
