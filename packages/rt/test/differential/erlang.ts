import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { toErlang, withoutOrderOfDynamicStops, type Script } from "./script.ts";

const source = new URL("supervision_oracle.erl", import.meta.url).pathname;

/** Whether Erlang is installed here. */
export const hasErlang: boolean = spawnSync("erl", ["-version"]).error === undefined;

/** Erlang's own supervisors, in one process that runs scripts until it is disposed. */
export class Erlang implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "supervision-oracle-"));
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #answers: PromiseWithResolvers<string>[] = [];

  constructor() {
    const compiled = spawnSync("erlc", ["-o", this.#folder, source], { encoding: "utf8" });
    if (compiled.status !== 0) throw new TypeError(`${source} does not compile: ${compiled.stdout}${compiled.stderr}`);
    const options = ["-noshell", "+S", "1", "-pa", this.#folder, "-run", "supervision_oracle", "main"];
    this.#process = spawn("erl", options, { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#process.stdout });
    this.#lines.on("line", (line) => this.#answers.shift()?.resolve(withoutOrderOfDynamicStops(line)));
    this.#lines.on("close", () => {
      for (const answer of this.#answers) answer.reject(new TypeError("Erlang ended before it answered"));
    });
  }

  /** What Erlang does with a script. Several may be asked for at once. */
  run(script: Script): Promise<string> {
    const answer = Promise.withResolvers<string>();
    this.#answers.push(answer);
    this.#process.stdin.write(`${toErlang(script)}\n`);
    return answer.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#process.once("close", resolve);
    });
    this.#process.stdin.end();
    await closed;
    rmSync(this.#folder, { recursive: true });
  }
}
