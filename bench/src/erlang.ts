import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import type { GaugedSubject, Subject } from "./workload.ts";

const sources = fileURLToPath(new URL("erlang", import.meta.url));

/** Names the folder of the compiled modules to the processes that this one starts. */
const FOLDER = "AIRSSYS_BENCH_ERLANG";

/** Compiles the Erlang side into a folder, for this process and those it starts. Says whether Erlang is installed. */
export function compileErlang(folder: string): boolean {
  if (spawnSync("erl", ["-version"]).error !== undefined) return false;
  const modules = readdirSync(sources).filter((file) => file.endsWith(".erl"));
  const files = modules.map((file) => join(sources, file));
  const { status, stdout, stderr } = spawnSync("erlc", ["-o", folder, ...files], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the Erlang side of the benchmark does not compile:\n${stdout}${stderr}`);
  process.env[FOLDER] = folder;
  return true;
}

export const isErlangHere = (): boolean => process.env[FOLDER] !== undefined;

function compiledModules(): string {
  const compiled = process.env[FOLDER];
  if (compiled === undefined) throw new Error("the Erlang side of the benchmark was not compiled");
  return compiled;
}

/**
 * Erlang, on one scheduler as all others have one thread; spoken to in lines: see `bench.erl`. There is one for this process, and it
 * ends with it.
 */
export class Erlang {
  static #running: Erlang | undefined;
  readonly #process = spawn("erl", ["-noshell", "+S", "1:1", "-pa", compiledModules(), "-s", "bench", "main"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  readonly #lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();

  static running(): Erlang {
    Erlang.#running ??= new Erlang();
    return Erlang.#running;
  }

  say(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Takes the next thing it says, which must be that. */
  async expect(line: string): Promise<void> {
    const heard = await this.hear();
    if (heard !== line) throw new Error(`Erlang said "${heard}" instead of "${line}"`);
  }

  async hearNumbers(): Promise<readonly number[]> {
    return (await this.hear()).split(" ").map(Number);
  }

  async hearNumber(): Promise<number> {
    return Number(await this.hear());
  }

  async hear(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("Erlang ended before it answered");
    return value;
  }
}

/**
 * What a function of the Erlang side does, given as `module function`: it takes the number of operations, prepares itself, and
 * returns how many were handled.
 */
export function erlang(call: string, options: { readonly name?: string; readonly operations?: number } = {}): Subject {
  return {
    name: "erlang",
    ...options,
    isHere: isErlangHere,
    open: async () => {
      const process = Erlang.running();
      return {
        prepare: (operations) => {
          process.say(`${call} ${operations}`);
          return process.expect("ready");
        },
        run: () => {
          process.say("go");
          return process.hearNumber();
        },
        tidy: () => process.expect("tidy"),
        close: async () => {},
      };
    },
  };
}

/** The same for a function that takes the size of what is gauged, and returns a value for each figure. */
export function erlangGauge(call: string): GaugedSubject {
  return {
    name: "erlang",
    isHere: isErlangHere,
    gauge: async (size) => {
      const process = Erlang.running();
      process.say(`${call} ${size}`);
      const values = await process.hearNumbers();
      await process.expect("tidy");
      return values.map((value) => ({ value }));
    },
  };
}
