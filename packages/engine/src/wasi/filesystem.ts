import { type InterfaceMakers, unusedResource } from "./settings.ts";

/**
 * `wasi:filesystem`: there are no files. No directory is opened beforehand, so a guest can never hold a descriptor, and the
 * classes only have to exist.
 */

export const filesystemInterfaces: InterfaceMakers = {
  "wasi:filesystem/preopens": () => ({ getDirectories: () => [] }),
  "wasi:filesystem/types": () => ({
    Descriptor: unusedResource(),
    DirectoryEntryStream: unusedResource(),
    filesystemErrorCode: () => undefined,
  }),
};
