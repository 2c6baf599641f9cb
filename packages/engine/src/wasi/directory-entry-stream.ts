import type { DirectoryEntry, DirectoryListing, FileKind } from "../files/guest-files.ts";
import type { OpenFiles } from "./open-files.ts";

/** `wasi:filesystem/types`: what is in a directory, entry by entry. */
export class DirectoryEntryStream {
  readonly #listing: DirectoryListing;
  readonly #openFiles: OpenFiles;

  constructor(listing: DirectoryListing, openFiles: OpenFiles) {
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
