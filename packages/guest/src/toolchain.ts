// Compilers that come with the machine and not with this package: found on PATH, run as they are, and asked for
// nothing but a core module.
import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { basename, delimiter, dirname, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { GuestBuildError } from "./errors.ts";
import type { SourceFiles } from "./source-files.ts";

const execute = promisify(execFile);
/** What a compiler says of one source; it is cut where it says more. */
const maxOutputBytes = 16 * 2 ** 20;

/** Every program of that name on PATH, the one that a shell would take first. Absolute, as they are not run where they were looked for. */
export function programsOnPath(name: string): readonly string[] {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => resolve(folder, file)).filter(isProgram);
}

/** Which programs these are, told without running them: another version is another file. */
export function programsFingerprint(names: readonly string[]): string {
  const files = names.flatMap((name) => programsOnPath(name)).map((path) => realpathSync(path));
  return [...new Set(files)]
    .map((path) => {
      const { size, mtimeMs } = statSync(path);
      return `${path} ${size} ${mtimeMs}`;
    })
    .join(" ");
}

/** What a program prints when it is asked something; undefined when it does not run or refuses. */
export async function answerOf(program: string, question: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await execute(program, [...question], { maxBuffer: maxOutputBytes });
    return stdout.trim();
  } catch {
    // A compiler that does not know the target says so here: it is none for us.
    return undefined;
  }
}

/** Has a compiler make something of a source. It runs in the source's folder, so that it names files as the author does. */
export async function compileSource(program: string, options: readonly string[], source: string): Promise<void> {
  const folder = dirname(source);
  // Whatever it begins with, it is the name of a file and no option.
  const operand = `.${sep}${basename(source)}`;
  try {
    await execute(program, [...options, operand], {
      cwd: folder,
      maxBuffer: maxOutputBytes,
      env: { ...process.env, LC_ALL: "C" },
    });
  } catch (cause) {
    throw toBuildError(cause, folder, source);
  }
}

/** How a compiler writes names in a rule of `make`. */
export const namesInRules = {
  clang: (name: string): string => name.replaceAll(/\\([ #])|\$(\$)/g, "$1$2"),
  rustc: (name: string): string => name.replaceAll("\\ ", " "),
} as const;

/** Reads the files that a compiler says it has read, as a rule of `make`. */
export function readDependencies(
  rule: string,
  folder: string,
  files: SourceFiles,
  nameOf: (written: string) => string,
): void {
  const [first = ""] = rule.replaceAll(/\\\r?\n/g, " ").split("\n");
  const names = first.slice(first.search(/:\s/) + 1).match(/(?:\\ |\S)+/g) ?? [];
  for (const name of names) files.read(resolve(folder, nameOf(name)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const complaint = /^(?<file>[^\n:]+):(?<line>\d+):(?<column>\d+): (?:fatal )?error(?:\[\w+\])?: (?<reason>.*)$/m;

function toBuildError(thrown: unknown, folder: string, source: string): GuestBuildError {
  const said = textOf(thrown);
  const at = complaint.exec(said)?.groups;
  if (at === undefined) {
    const reason = /^.*\berror: (?<reason>.*)$/m.exec(said)?.groups?.["reason"] ?? said;
    return new GuestBuildError(reason.trim(), { file: source }, { cause: thrown });
  }
  const position = { file: resolve(folder, at["file"] ?? ""), line: Number(at["line"]), column: Number(at["column"]) };
  return new GuestBuildError(at["reason"] ?? said, position, { cause: thrown });
}

function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const said = "stderr" in thrown ? String(thrown.stderr) : "";
  return said.trim() === "" ? thrown.message : said;
}
