import { CopyMismatchError } from "../errors.ts";
import { HIGHEST_LIMITS } from "../limits.ts";
import type { Namespace } from "../namespace.ts";
import type { Store } from "../store.ts";
import { exportNamespace } from "./export.ts";
import { type ExportSummary, importNamespace } from "./import.ts";
import { namesIn } from "./names.ts";

/**
 * Copies all namespaces, one after another, each as it was at one moment, into a store that has nothing under their names; then
 * reads each copy and compares. Versions are not copied. Who goes over to the new store stops writing to the old one before.
 *
 * @throws ImportStoppedError when the new store does not take it all, CopyMismatchError when it does not hold what it was given
 */
export async function copyStore(from: Store, to: Store): Promise<readonly ExportSummary[]> {
  const copied: ExportSummary[] = [];
  for await (const name of namesIn(from)) {
    copied.push(await copyNamespace(from.namespace(name), to.namespace(name, HIGHEST_LIMITS)));
  }
  return copied;
}

/** An export into an import. The last line of an export is a digest of it: that of the copy must be the same. */
async function copyNamespace(from: Namespace, to: Namespace): Promise<ExportSummary> {
  let expected = "";
  const summary = await importNamespace(
    to,
    (async function* watched() {
      for await (const line of exportNamespace(from)) {
        expected = line;
        yield line;
      }
    })(),
  );
  let found = "";
  for await (const line of exportNamespace(to)) found = line;
  if (found !== expected) throw new CopyMismatchError(to.name, expected.trimEnd(), found.trimEnd());
  return summary;
}
