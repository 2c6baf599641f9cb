import * as host from "./host/storage";
import { liftBytes, liftString, liftStrings, lowerSlice, returnArea } from "./canonical";

const changeSize: usize = 20;

/** Why the store did not do what it was asked to, in the order of `storage-error`. Nothing was changed. */
export enum StorageErrorKind {
  NotPermitted,
  InvalidKey,
  ValueTooLarge,
  QuotaExceeded,
  Unavailable,
}

export class StorageError {
  constructor(
    readonly kind: StorageErrorKind,
    readonly text: string,
  ) {}
}

/** What a key holds. */
export class StoredValue {
  constructor(
    readonly value: Uint8Array,
    /** Goes up with every change of this key. */
    readonly version: u64,
  ) {}
}

/** What the key holds, `null` when there is no such key, or why that cannot be told. */
export class GetResult {
  constructor(
    readonly stored: StoredValue | null,
    readonly error: StorageError | null,
  ) {}
}

/** Yes or no, or why neither. */
export class StorageResult {
  constructor(
    readonly value: bool,
    readonly error: StorageError | null,
  ) {}
}

/** A part of the keys, and the cursor to go on with; `null` when there are no more. */
export class KeyPage {
  constructor(
    readonly keys: string[],
    readonly cursor: string | null,
    readonly error: StorageError | null,
  ) {}
}

/** What a namespace holds, and the most it may. */
export class StorageUsage {
  constructor(
    readonly keys: u64,
    readonly bytes: u64,
    readonly quotaBytes: u64,
    readonly error: StorageError | null,
  ) {}
}

/** One of several changes that are made at once. */
export class Change {
  private constructor(
    readonly key: string,
    /** `null` deletes the key. */
    readonly value: Uint8Array | null,
  ) {}

  static set(key: string, value: Uint8Array): Change {
    return new Change(key, value);
  }

  static remove(key: string): Change {
    return new Change(key, null);
  }
}

/** Text as an argument; alive as long as this is. */
class Text {
  private readonly encoded: ArrayBuffer;

  constructor(text: string) {
    this.encoded = String.UTF8.encode(text);
  }

  get start(): usize {
    return changetype<usize>(this.encoded);
  }

  get length(): usize {
    return this.encoded.byteLength;
  }
}

export function get(namespace: string, key: string): GetResult {
  const space = new Text(namespace);
  const name = new Text(key);
  host.get(space.start, space.length, name.start, name.length, returnArea);
  if (load<u8>(returnArea) != 0) return new GetResult(null, liftError(returnArea + 8));
  if (load<u8>(returnArea, 8) == 0) return new GetResult(null, null);
  return new GetResult(new StoredValue(liftBytes(returnArea + 16), load<u64>(returnArea, 24)), null);
}

/** Keeps a value; `null` when it is kept. */
export function set(namespace: string, key: string, value: Uint8Array): StorageError | null {
  const space = new Text(namespace);
  const name = new Text(key);
  host.set(space.start, space.length, name.start, name.length, value.dataStart, value.length, returnArea);
  return load<u8>(returnArea) == 0 ? null : liftError(returnArea + 4);
}

/** Deletes a key; false when there was none. */
export function remove(namespace: string, key: string): StorageResult {
  const space = new Text(namespace);
  const name = new Text(key);
  host.delete_(space.start, space.length, name.start, name.length, returnArea);
  return liftResult();
}

export function exists(namespace: string, key: string): StorageResult {
  const space = new Text(namespace);
  const name = new Text(key);
  host.exists(space.start, space.length, name.start, name.length, returnArea);
  return liftResult();
}

/** Keeps a value if the key is at that version; false when it is not. */
export function compareAndSet(namespace: string, key: string, value: Uint8Array, version: u64): StorageResult {
  return setIf(namespace, key, value, true, version);
}

/** Keeps a value if there is no such key; false when there is. */
export function setNew(namespace: string, key: string, value: Uint8Array): StorageResult {
  return setIf(namespace, key, value, false, 0);
}

/** Makes all of these changes or none; `null` when they are made. */
export function apply(namespace: string, changes: Change[]): StorageError | null {
  const space = new Text(namespace);
  const list = new ArrayBuffer(changes.length * <i32>changeSize);
  const start = changetype<usize>(list);
  const keys: Text[] = [];
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index];
    const at = start + index * changeSize;
    const key = new Text(change.key);
    keys.push(key);
    const value = change.value;
    store<u8>(at, u8(value === null));
    lowerSlice(at + 4, key.start, key.length);
    if (value !== null) lowerSlice(at + 12, value.dataStart, value.length);
  }
  host.apply(space.start, space.length, start, changes.length, returnArea);
  return load<u8>(returnArea) == 0 ? null : liftError(returnArea + 4);
}

/** At most `limit` keys (1 to 1,000) that begin with `prefix`, from the start or from where `cursor` left off. */
export function listKeys(namespace: string, prefix: string, cursor: string | null, limit: u32): KeyPage {
  const space = new Text(namespace);
  const beginning = new Text(prefix);
  const goesOn = cursor !== null;
  const from = new Text(cursor === null ? "" : cursor);
  host.listKeys(
    space.start,
    space.length,
    beginning.start,
    beginning.length,
    goesOn,
    from.start,
    from.length,
    limit,
    returnArea,
  );
  if (load<u8>(returnArea) != 0) return new KeyPage([], null, liftError(returnArea + 4));
  const next: string | null = load<u8>(returnArea, 12) == 0 ? null : liftString(returnArea + 16);
  return new KeyPage(liftStrings(returnArea + 4), next, null);
}

/** What the namespace holds now. */
export function usage(namespace: string): StorageUsage {
  const space = new Text(namespace);
  host.usage(space.start, space.length, returnArea);
  if (load<u8>(returnArea) != 0) return new StorageUsage(0, 0, 0, liftError(returnArea + 8));
  return new StorageUsage(load<u64>(returnArea, 8), load<u64>(returnArea, 16), load<u64>(returnArea, 24), null);
}

function setIf(namespace: string, key: string, value: Uint8Array, isThere: bool, version: u64): StorageResult {
  const space = new Text(namespace);
  const name = new Text(key);
  host.compareAndSet(
    space.start,
    space.length,
    name.start,
    name.length,
    value.dataStart,
    value.length,
    isThere,
    version,
    returnArea,
  );
  return liftResult();
}

function liftResult(): StorageResult {
  if (load<u8>(returnArea) != 0) return new StorageResult(false, liftError(returnArea + 4));
  return new StorageResult(load<u8>(returnArea, 4) != 0, null);
}

function liftError(at: usize): StorageError {
  return new StorageError(load<u8>(at), liftString(at + 4));
}
