import { HostFunctionError } from "../errors.ts";
import type { FileErrorCode, GuestDirectory, GuestFileSystem } from "../files/guest-files.ts";
import { Descriptor, openDirectory } from "./descriptor.ts";
import { DirectoryEntryStream } from "./directory-entry-stream.ts";
import type { IoError } from "./error.ts";
import type { InterfaceMakers, WasiInstance } from "./wasi-instance.ts";

/**
 * `wasi:filesystem`: the directories that were granted, and what is below them. Without a grant no directory is open at the start, so a
 * guest can never come to hold a descriptor.
 */

function getDirectories(wasi: WasiInstance): [Descriptor, string][] {
  return wasi.settings.preopens.map(({ guestPath, files, access }) => {
    const root = openRoot(wasi, guestPath, files);
    return [openDirectory(wasi, root, access === "read-write"), guestPath];
  });
}

/** The guest has no way to hear that a grant cannot be kept: it is the host's failure. */
function openRoot({ openFiles }: WasiInstance, guestPath: string, files: GuestFileSystem): GuestDirectory {
  try {
    return openFiles.open(() => files.openRoot());
  } catch (thrown) {
    if (thrown instanceof Error) throw thrown;
    throw new HostFunctionError("wasi:filesystem/preopens", `could not open ${guestPath}: ${String(thrown)}`);
  }
}

function filesystemErrorCode({ failure }: IoError): FileErrorCode | undefined {
  return failure.kind === "file" ? failure.code : undefined;
}

export const filesystemInterfaces: InterfaceMakers = {
  "wasi:filesystem/preopens": (wasi) => ({ getDirectories: () => getDirectories(wasi) }),
  "wasi:filesystem/types": () => ({ Descriptor, DirectoryEntryStream, filesystemErrorCode }),
};
