import { InvalidOperationError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { pairsOf } from "../named.ts";
import type { SpawnOperation } from "../operation.ts";

const MOST_ARGUMENTS = 1024;
/** Of arguments and variables together; the systems we know take more. */
const MOST_BYTES = 131_072;

/** With one of these, a program runs code that was not its own, or finds programs and libraries elsewhere. */
const LOADERS =
  /^(?:LD_.*|DYLD_.*|GCONV_PATH|LOCPATH|MALLOC_.*|GLIBC_TUNABLES|NODE_.*|NPM_.*|PYTHON.*|PERL.*|RUBY.*|BASH_.*|ENV|IFS|PATH|SHELLOPTS|PS4|PROMPT_COMMAND|GIT_.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|EDITOR|VISUAL|PAGER|BROWSER|SHELL)$/i;

/** @throws InvalidOperationError for arguments and variables that could become something else than what they are */
export function checkSpawn(
  { kind, arguments: args = [], environment = {}, inherit = [], lifetimeMs }: SpawnOperation,
  limits: Limits,
): void {
  if (!Array.isArray(args) || args.length > MOST_ARGUMENTS)
    throw new InvalidOperationError(kind, "arguments", `a list of at most ${MOST_ARGUMENTS}`, `${typeof args} of more`);
  let size = 0;
  for (const [index, argument] of args.entries()) {
    const field = `arguments.${index}`;
    const isOption = typeof argument === "object" && argument !== null;
    const text: unknown = isOption ? argument.option : argument;
    size += checkText(kind, field, text);
    if (!isOption && typeof text === "string" && text.startsWith("-"))
      throw new InvalidOperationError(kind, field, "a value that is no option, or { option }", JSON.stringify(text));
  }
  const seen = new Set<string>();
  for (const [name, value] of pairsOf(environment)) {
    checkVariable(kind, name);
    if (seen.has(name)) throw new InvalidOperationError(kind, "environment", "each name once", JSON.stringify(name));
    seen.add(name);
    size += checkText(kind, `environment.${name}`, value);
  }
  if (!Array.isArray(inherit)) throw new InvalidOperationError(kind, "inherit", "a list", `a ${typeof inherit}`);
  for (const name of inherit) checkVariable(kind, name);
  if (size > MOST_BYTES)
    throw new InvalidOperationError(kind, "arguments", `at most ${MOST_BYTES} bytes with the variables`, String(size));
  if (lifetimeMs !== undefined && (!Number.isInteger(lifetimeMs) || lifetimeMs < 1 || lifetimeMs > limits.lifetimeMs))
    throw new InvalidOperationError(
      kind,
      "lifetimeMs",
      `a whole number from 1 to ${limits.lifetimeMs}`,
      String(lifetimeMs),
    );
}

function checkVariable(kind: string, name: unknown): void {
  if (typeof name !== "string" || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw new InvalidOperationError(kind, "environment", "the name of a variable", JSON.stringify(name) ?? typeof name);
  if (LOADERS.test(name))
    throw new InvalidOperationError(
      kind,
      "environment",
      "no variable that decides what code runs",
      JSON.stringify(name),
    );
}

function checkText(kind: string, field: string, text: unknown): number {
  if (typeof text !== "string" || text.includes("\0") || !text.isWellFormed())
    throw new InvalidOperationError(kind, field, "a text without NUL", JSON.stringify(text) ?? typeof text);
  return Buffer.byteLength(text) + 1;
}
