/** What a subject does with keys and values, in the way its documentation shows. What it does at once it does not make a promise of. */
export interface Shelf {
  get(key: string): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Is done, or resolves, when the disk has it. */
  set(key: string, value: Uint8Array): unknown;
  /** The same of many that come at once. */
  setTogether(entries: readonly (readonly [string, Uint8Array])[]): unknown;
  /** The first keys in order that begin with the prefix. */
  list(prefix: string, limit: number): readonly string[] | Promise<readonly string[]>;
  close(): void | Promise<void>;
}

/** Opens an empty one in a folder. */
export type OpenShelf = (folder: string) => Shelf | Promise<Shelf>;
