// What the host offers, as core functions. The build names them after the interface that this file is called by.
export declare function get(
  namespace: usize,
  namespaceLength: usize,
  key: usize,
  keyLength: usize,
  result: usize,
): void;
export declare function set(
  namespace: usize,
  namespaceLength: usize,
  key: usize,
  keyLength: usize,
  value: usize,
  valueLength: usize,
  result: usize,
): void;
/** The language reserves the name: the build takes the underscore off. */
export declare function delete_(
  namespace: usize,
  namespaceLength: usize,
  key: usize,
  keyLength: usize,
  result: usize,
): void;
export declare function exists(
  namespace: usize,
  namespaceLength: usize,
  key: usize,
  keyLength: usize,
  result: usize,
): void;
export declare function compareAndSet(
  namespace: usize,
  namespaceLength: usize,
  key: usize,
  keyLength: usize,
  value: usize,
  valueLength: usize,
  isThere: bool,
  version: u64,
  result: usize,
): void;
export declare function apply(
  namespace: usize,
  namespaceLength: usize,
  changes: usize,
  count: usize,
  result: usize,
): void;
export declare function listKeys(
  namespace: usize,
  namespaceLength: usize,
  prefix: usize,
  prefixLength: usize,
  goesOn: bool,
  cursor: usize,
  cursorLength: usize,
  limit: u32,
  result: usize,
): void;
export declare function usage(namespace: usize, namespaceLength: usize, result: usize): void;
