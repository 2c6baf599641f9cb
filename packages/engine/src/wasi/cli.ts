import { ExitError } from "../errors.ts";
import { HostSink } from "./stdio.ts";
import { InputStream, OutputStream } from "./streams.ts";
import { unusedResource } from "./unused-resource.ts";
import type { InterfaceMakers } from "./wasi-instance.ts";

/** `wasi:cli`: the arguments, variables and streams that were given, and nothing of the host's own. */

function exit(status: { readonly tag: "ok" | "err" }): never {
  throw new ExitError(status.tag === "ok" ? 0 : 1);
}

function exitWithCode(status: number): never {
  throw new ExitError(status);
}

export const cliInterfaces: InterfaceMakers = {
  "wasi:cli/environment": ({ settings: { args, env, cwd } }) => ({
    getEnvironment: () => Object.entries(env),
    getArguments: () => args,
    initialCwd: () => cwd,
  }),
  "wasi:cli/exit": () => ({ exit, exitWithCode }),
  "wasi:cli/stdin": ({ stdin, waiting }) => ({ getStdin: () => new InputStream(stdin, waiting) }),
  "wasi:cli/stdout": ({ settings: { stdout }, waiting }) => ({
    getStdout: () => new OutputStream(new HostSink("stdout", stdout), waiting),
  }),
  "wasi:cli/stderr": ({ settings: { stderr }, waiting }) => ({
    getStderr: () => new OutputStream(new HostSink("stderr", stderr), waiting),
  }),
  "wasi:cli/terminal-input": () => ({ TerminalInput: unusedResource() }),
  "wasi:cli/terminal-output": () => ({ TerminalOutput: unusedResource() }),
  "wasi:cli/terminal-stdin": () => ({ getTerminalStdin: () => undefined }),
  "wasi:cli/terminal-stdout": () => ({ getTerminalStdout: () => undefined }),
  "wasi:cli/terminal-stderr": () => ({ getTerminalStderr: () => undefined }),
};
