import type { Argument, OsProcess } from "@airssys/osl";
import type * as Process from "../generated/airssys-ext-process-process.ts";
import { asking, refuse } from "../system/answer.ts";
import { ByteReader } from "../system/byte-reader.ts";
import { closing } from "../system/closing.ts";
import { MOST_BYTES, timeOf } from "../system/guest-values.ts";
import { PROCESS_ANSWERS } from "../system/process-answers.ts";
import type { HostInterface, Promised } from "./host-interface.ts";

const functionNames = [
  "[static]child.spawn",
  "[method]child.write-stdin",
  "[method]child.read-stdout",
  "[method]child.read-stderr",
  "[method]child.wait",
  "[method]child.kill",
  "[method]child.signal",
] as const;

const SIGNALS = { interrupt: "SIGINT", terminate: "SIGTERM", "hang-up": "SIGHUP" } as const;

/** `airssys:ext-process/process`: programs of the machine, within what `[capabilities.process]` grants. */
export const process: HostInterface = {
  name: "airssys:ext-process/process@1.0.0",
  functions: functionNames,
  waiting: functionNames,
  refusal: ({ capabilities }) =>
    capabilities.process.spawn.length === 0
      ? "Component.toml asks for no programs in [capabilities.process]"
      : undefined,

  prepare: ({ access, context }) => {
    const ask = asking(PROCESS_ANSWERS);
    const close = closing(context);

    class Child implements Promised<Process.Child> {
      readonly #process: OsProcess;
      readonly #stdout: ByteReader;
      readonly #stderr: ByteReader;

      constructor(running: OsProcess) {
        this.#process = running;
        this.#stdout = readerOf(running.stdout);
        this.#stderr = readerOf(running.stderr);
      }

      static spawn({ program, arguments: args, environment, directory }: Process.ProcessConfig): Promise<Child> {
        return ask(async (signal) => {
          const operation = {
            kind: "process.spawn",
            program,
            arguments: args.map(argumentOf),
            environment,
            ...(directory !== undefined && { directory }),
          } as const;
          return new Child(await access.os.run(operation, { signal }));
        });
      }

      writeStdin(bytes: Uint8Array): Promise<void> {
        return ask(async (signal) =>
          bytes.length === 0 ? this.#process.endInput() : this.#process.write(bytes, { signal }),
        );
      }

      readStdout(length: number, timeoutMillis: number): Promise<Uint8Array> {
        return ask((signal) => read(this.#stdout, length, timeoutMillis, signal));
      }

      readStderr(length: number, timeoutMillis: number): Promise<Uint8Array> {
        return ask((signal) => read(this.#stderr, length, timeoutMillis, signal));
      }

      wait(timeoutMillis: number): Promise<Process.ExitStatus> {
        return ask(async (signal) => {
          const { code, signal: by } = await this.#process.wait({
            signal,
            timeoutMs: timeOf(timeoutMillis, "invalid-argument"),
          });
          return code === undefined ? { tag: "killed", val: by ?? "" } : { tag: "exited", val: code };
        });
      }

      kill(): Promise<void> {
        return ask(async () => this.#process.kill("SIGKILL"));
      }

      signal(signal: Process.Signal): Promise<void> {
        return ask(async () => this.#process.kill(SIGNALS[signal]));
      }

      [Symbol.dispose](): void {
        close(this.#process);
      }
    }

    const readerOf = (output: AsyncIterable<Uint8Array>): ByteReader => {
      const pieces = output[Symbol.asyncIterator]();
      return new ByteReader(async () => {
        const { done, value } = await pieces.next();
        return done === true ? undefined : value;
      }, context.clock);
    };

    return { Child };
  },
};

async function read(
  reader: ByteReader,
  length: number,
  timeoutMillis: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await reader.read(Math.min(length, MOST_BYTES), timeOf(timeoutMillis, "invalid-argument"), signal);
  return bytes ?? refuse("timeout", `nothing came within ${timeoutMillis} ms`);
}

function argumentOf({ tag, val }: Process.Argument): Argument {
  return tag === "option" ? { option: val } : val;
}
