import { HostFileSystem, type Preopen } from "@airssys/engine";
import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { ComponentAccess } from "../access/component-access.ts";
import { GrantedFileSystem } from "./granted-files.ts";

/** With one of these, a name is left open. */
const OPEN_NAME = /[*?[]/;

/**
 * The directories that a component finds open, under the names they have on the machine: for each grant of files the deepest directory that
 * it names. Those that are not there are left out, and told to `missing`.
 */
export function preopensFor(access: ComponentAccess, missing: (path: string) => void): readonly Preopen[] {
  const paths = access.isAdvisory
    ? ["/"]
    : access.grants.list().flatMap((each) => (each.kind === "file" ? [directoryOf(each.path)] : []));
  return [...new Set(paths)].flatMap((path): readonly Preopen[] => {
    if (path === undefined) return [];
    if (!isDirectory(path)) {
      missing(path);
      return [];
    }
    const files = new HostFileSystem(path);
    return [{ guestPath: path, files: new GrantedFileSystem(files, files.path, access), access: "read-write" }];
  });
}

/** Of a pattern, the directory before the first name that is left open; of a path, itself where it is one. */
function directoryOf(pattern: string): string {
  const names = pattern.split("/");
  const open = names.findIndex((name) => OPEN_NAME.test(name));
  if (open !== -1) return names.slice(0, open).join("/") || "/";
  return isDirectory(pattern) ? pattern : dirname(pattern);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
