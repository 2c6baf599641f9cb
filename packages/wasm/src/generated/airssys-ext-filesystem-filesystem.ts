// Generated from wit/ by `pnpm generate`. Do not edit.
/** @module Interface airssys:ext-filesystem/filesystem@1.0.0 **/
/**
 * The whole file, at most 1 MiB. Needs `read`.
 */
export declare function readFile(path: string): Uint8Array;
/**
 * Replaces the file, or makes it: in one step, so that nobody ever sees half of it. Needs `write`.
 */
export declare function writeFile(path: string, bytes: Uint8Array): void;
/**
 * Adds to the end, and makes the file when there is none. Needs `write`.
 */
export declare function appendFile(path: string, bytes: Uint8Array): void;
/**
 * Needs `delete`.
 */
export declare function deleteFile(path: string): void;
/**
 * Needs `read`. False, too, where a path leads nowhere.
 */
export declare function fileExists(path: string): boolean;
/**
 * Needs `read`.
 */
export declare function stat(path: string): FileStatus;
/**
 * By name; at most 10,000 entries, else `too-large`. Needs `list`.
 */
export declare function listDirectory(path: string): Array<DirectoryEntry>;
/**
 * With all directories above it that are not there yet. One that is there is fine. Needs `write`.
 */
export declare function createDirectory(path: string): void;
/**
 * With all that is in it, if `recursive`. Needs `delete`, also for what is in it.
 */
export declare function removeDirectory(path: string, recursive: boolean): void;
/**
 * One file. Replaces what is at `to`. Needs `delete` for `%from` and `write` for `to`.
 */
export declare function rename(from: string, to: string): void;
/**
 * One file. Replaces what is at `to`. Needs `read` for `%from` and `write` for `to`.
 */
export declare function copy(from: string, to: string): void;
export type FileError = import('./airssys-core-types-types.ts').FileError;
export type Timestamp = import('./airssys-core-types-types.ts').Timestamp;
/**
 * # Variants
 * 
 * ## `"file"`
 * 
 * ## `"directory"`
 * 
 * ## `"other"`
 */
export type FileKind = 'file' | 'directory' | 'other';
export interface FileStatus {
  kind: FileKind,
  /**
   * Bytes; of a directory 0.
   */
  size: bigint,
  modified: Timestamp,
}
export interface DirectoryEntry {
  name: string,
  kind: FileKind,
}
/**
 * # Variants
 * 
 * ## `"read"`
 * 
 * It must be there. Needs `read`.
 * ## `"read-write"`
 * 
 * It must be there; what is written replaces what was at that place. Needs `read` and `write`.
 * ## `"create"`
 * 
 * Made when it is not there, emptied when it is; open for writing only. Needs `write`.
 * ## `"create-new"`
 * 
 * It must not be there; open for writing only. Needs `write`.
 */
export type OpenMode = 'read' | 'read-write' | 'create' | 'create-new';

export declare class File {
  /**
   * This type does not have a public constructor.
   */
  private constructor();
  static open(path: string, mode: OpenMode): File;
  /**
  * At most `length` bytes, and never more than 1 MiB, from `offset`; fewer at the end of the file, and none beyond it.
  */
  read(offset: bigint, length: number): Uint8Array;
  /**
  * Writes all of it, at `offset`.
  */
  write(offset: bigint, bytes: Uint8Array): void;
  /**
  * Returns when what was written is on the device.
  */
  flush(): void;
  size(): bigint;
}
