import type { DirectoryEntry, DirectoryListing, FileKind } from "../files/guest-files.ts";
import type { OpenHandles } from "./open-handles.ts";

/** `wasi:filesystem/types`: what is in a directory, entry by entry. */
export class DirectoryEntryStream {
  readonly #listing: DirectoryListing;
  readonly #openFiles: OpenHandles;

  constructor(listing: DirectoryListing, openFiles: OpenHandles) {
    this.#listing = listing;
    this.#openFiles = openFiles;
  }

  readDirectoryEntry(): { readonly type: FileKind; readonly name: string } | undefined {
    const entry: DirectoryEntry | undefined = this.#listing.next();
    return entry && { type: entry.kind, name: entry.name };
  }

  [Symbol.dispose](): void {
    this.#openFiles.release(this.#listing);
  }
}
