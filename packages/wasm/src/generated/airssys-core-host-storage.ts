// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:core-host/storage@1.0.0 **/
/**
 * None when there is no such key.
 */
export declare function get(namespace: string, key: string): StoredValue | undefined;
/**
 * Keeps the value in place of what the key held. It has at most as many bytes as a message that the component is given: an
 * eighth of its memory.
 */
export declare function set(namespace: string, key: string, value: Uint8Array): void;
/**
 * False when there was no such key.
 */
export { _delete as delete };
declare function _delete(namespace: string, key: string): boolean;
export declare function exists(namespace: string, key: string): boolean;
/**
 * Sets the value if the key is at `version`, or, with none, if there is no such key. False when it is not, and nothing
 * was changed.
 */
export declare function compareAndSet(namespace: string, key: string, value: Uint8Array, version: bigint | undefined): boolean;
/**
 * Makes all of these changes, in this order, or none. At most 1,000.
 */
export declare function apply(namespace: string, changes: Array<Change>): void;
/**
 * At most `limit` keys that begin with `prefix`, from the start or from where `cursor` left off: 1 to 1,000, and what lies
 * outside is taken for the nearest. A key that is there from the first page to the last is listed once.
 */
export declare function listKeys(namespace: string, prefix: string, cursor: string | undefined, limit: number): KeyPage;
/**
 * What the namespace holds now.
 */
export declare function usage(namespace: string): StorageUsage;
export type StorageError = import('./airssys-core-types-types.ts').StorageError;
export interface StoredValue {
  value: Uint8Array,
  /**
   * Goes up with every change of this key; for `compare-and-set`.
   */
  version: bigint,
}
export interface KeyPage {
  keys: Array<string>,
  /**
   * To be handed to the next `list-keys`; none when there are no more.
   */
  cursor?: string,
}
export interface StorageUsage {
  keys: bigint,
  /**
   * Of all keys and values in the namespace.
   */
  bytes: bigint,
  /**
   * The most that all namespaces of the component may hold together.
   */
  quotaBytes: bigint,
}
export type Change = ChangeSet | ChangeDelete;
export interface ChangeSet {
  tag: 'set',
  val: [string, Uint8Array],
}
export interface ChangeDelete {
  tag: 'delete',
  val: string,
}
