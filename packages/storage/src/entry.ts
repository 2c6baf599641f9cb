/** What a key holds. */
export interface Entry {
  /** The caller's own: nobody else sees what is done to it. */
  readonly value: Uint8Array;
  /**
   * Says which write this is of: it grows with every change of the namespace, is never used for two, also not when a key is deleted
   * and set again, and means nothing to another namespace or store. At least 1, and a safe integer.
   */
  readonly version: number;
}

export interface KeyedEntry extends Entry {
  readonly key: string;
}

/** What a namespace holds. */
export interface Usage {
  readonly keys: number;
  /** Of all keys in UTF-8 and all values together. */
  readonly bytes: number;
}
