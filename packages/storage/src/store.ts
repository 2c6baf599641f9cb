import { InvalidNamespaceError, kindOf } from "./errors.ts";
import type { NamespaceLimits } from "./limits.ts";
import type { Namespace } from "./namespace.ts";
import type { ListOptions, Page } from "./page.ts";

/** Bytes of a namespace's name in UTF-8. */
export const MAX_NAME_BYTES = 255;

/** Where namespaces are. Who holds it can reach them all: hand out namespaces, and keep it. */
export interface Store extends AsyncDisposable {
  /**
   * A handle to the namespace of that name, which comes into being with its first entry. Handles of one name lead to the same
   * entries, each with limits of its own.
   *
   * @throws InvalidNamespaceError, InvalidOptionError
   */
  namespace(name: string, limits?: Partial<NamespaceLimits>): Namespace;

  /** A page of the names of the namespaces that hold something, in the order of their bytes. */
  listNamespaces(options?: ListOptions): Promise<Page>;

  /** Resolves when all calls made before have settled and everything is let go. Later calls reject with `StoreClosedError`. */
  close(): Promise<void>;
}

/** @throws InvalidNamespaceError */
export function checkName(name: unknown): string {
  if (typeof name !== "string") throw new InvalidNamespaceError(MAX_NAME_BYTES, kindOf(name));
  if (name === "") throw new InvalidNamespaceError(MAX_NAME_BYTES, "an empty one");
  if (!name.isWellFormed()) throw new InvalidNamespaceError(MAX_NAME_BYTES, "a lone surrogate");
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_NAME_BYTES) throw new InvalidNamespaceError(MAX_NAME_BYTES, `${bytes} bytes`);
  return name;
}
