import type { EntryKind, OsFile } from "@airssys/osl";
import type * as Filesystem from "../generated/airssys-ext-filesystem-filesystem.ts";
import { asking, refuse } from "../system/answer.ts";
import { closing } from "../system/closing.ts";
import { FILE_ANSWERS } from "../system/file-answers.ts";
import { MOST_BYTES } from "../system/guest-values.ts";
import { toTimestamp } from "../timestamp.ts";
import type { HostInterface, Promised } from "./host-interface.ts";

const functionNames = [
  "read-file",
  "write-file",
  "append-file",
  "delete-file",
  "file-exists",
  "stat",
  "list-directory",
  "create-directory",
  "remove-directory",
  "rename",
  "copy",
  "[static]file.open",
  "[method]file.read",
  "[method]file.write",
  "[method]file.flush",
  "[method]file.size",
] as const;

const KINDS: Readonly<Record<EntryKind, Filesystem.FileKind>> = {
  file: "file",
  directory: "directory",
  "symbolic-link": "other",
  other: "other",
};

/** `airssys:ext-filesystem/filesystem`: files of the machine, each use within what `[capabilities.filesystem]` grants. */
export const filesystem: HostInterface = {
  name: "airssys:ext-filesystem/filesystem@1.0.0",
  functions: functionNames,
  waiting: functionNames,
  refusal: ({ capabilities }) =>
    Object.values(capabilities.filesystem).every((paths) => paths.length === 0)
      ? "Component.toml asks for nothing in [capabilities.filesystem]"
      : undefined,

  prepare: ({ access, context }) => {
    const ask = asking(FILE_ANSWERS);
    const close = closing(context);

    class File implements Promised<Filesystem.File> {
      readonly #file: OsFile;

      constructor(file: OsFile) {
        this.#file = file;
      }

      static open(path: string, mode: Filesystem.OpenMode): Promise<File> {
        return ask(async (signal) => new File(await access.os.run({ kind: "file.open", path, mode }, { signal })));
      }

      read(offset: bigint, length: number): Promise<Uint8Array> {
        return ask(() => this.#file.read(placeOf(offset), Math.min(length, MOST_BYTES)));
      }

      write(offset: bigint, bytes: Uint8Array): Promise<void> {
        return ask(() => this.#file.write(placeOf(offset), bytes));
      }

      flush(): Promise<void> {
        return ask(() => this.#file.flush());
      }

      size(): Promise<bigint> {
        return ask(async () => BigInt(await this.#file.size()));
      }

      [Symbol.dispose](): void {
        close(this.#file);
      }
    }

    const functions: Promised<Omit<typeof Filesystem, "File">> = {
      readFile: (path) =>
        ask((signal) => access.os.run({ kind: "file.read", path, mostBytes: MOST_BYTES }, { signal })),
      writeFile: (path, bytes) => ask((signal) => access.os.run({ kind: "file.write", path, bytes }, { signal })),
      appendFile: (path, bytes) => ask((signal) => access.os.run({ kind: "file.append", path, bytes }, { signal })),
      deleteFile: (path) => ask((signal) => access.os.run({ kind: "file.delete", path }, { signal })),
      fileExists: (path) => ask((signal) => access.os.run({ kind: "file.exists", path }, { signal })),
      stat: (path) =>
        ask(async (signal) => {
          const { kind, size, modifiedAt } = await access.os.run({ kind: "file.stat", path }, { signal });
          return {
            kind: KINDS[kind],
            size: kind === "directory" ? 0n : BigInt(size),
            modified: toTimestamp(modifiedAt),
          };
        }),
      listDirectory: (path) =>
        ask(async (signal) => {
          const entries = await access.os.run({ kind: "directory.list", path }, { signal });
          return entries.map(({ name, kind }) => ({ name, kind: KINDS[kind] }));
        }),
      createDirectory: (path) =>
        ask((signal) => access.os.run({ kind: "directory.create", path, parents: true }, { signal })),
      removeDirectory: (path, recursive) =>
        ask((signal) => access.os.run({ kind: "directory.remove", path, recursive }, { signal })),
      rename: (from, to) => ask((signal) => access.os.run({ kind: "file.rename", path: from, to }, { signal })),
      copy: (from, to) => ask((signal) => access.os.run({ kind: "file.copy", path: from, to }, { signal })),
    };
    return { ...functions, File };
  },
};

/** No file is so long that an offset beyond what is counted exactly is in it. */
function placeOf(offset: bigint): number {
  return offset <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(offset) : refuse("too-large", "no file is that large");
}
