import { ExitError } from "../errors.ts";
import { InputStream, OutputStream } from "./io.ts";
import { type InterfaceMakers, unusedResource, type WasiSettings } from "./settings.ts";

/** `wasi:cli`: the arguments, variables and streams that were given, and nothing of the host's own. */

function exit(status: { readonly tag: "ok" | "err" }): never {
  throw new ExitError(status.tag === "ok" ? 0 : 1);
}

function exitWithCode(status: number): never {
  throw new ExitError(status);
}

export const cliInterfaces: InterfaceMakers = {
  "wasi:cli/environment": ({ args, env }: WasiSettings) => ({
    getEnvironment: () => Object.entries(env),
    getArguments: () => args,
    initialCwd: () => undefined,
  }),
  "wasi:cli/exit": () => ({ exit, exitWithCode }),
  "wasi:cli/stdin": ({ stdin }: WasiSettings) => ({ getStdin: () => new InputStream(stdin) }),
  "wasi:cli/stdout": ({ stdout }: WasiSettings) => ({ getStdout: () => new OutputStream("stdout", stdout) }),
  "wasi:cli/stderr": ({ stderr }: WasiSettings) => ({ getStderr: () => new OutputStream("stderr", stderr) }),
  "wasi:cli/terminal-input": () => ({ TerminalInput: unusedResource() }),
  "wasi:cli/terminal-output": () => ({ TerminalOutput: unusedResource() }),
  "wasi:cli/terminal-stdin": () => ({ getTerminalStdin: () => undefined }),
  "wasi:cli/terminal-stdout": () => ({ getTerminalStdout: () => undefined }),
  "wasi:cli/terminal-stderr": () => ({ getTerminalStderr: () => undefined }),
};
