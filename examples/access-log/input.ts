import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { generateLog } from "./generate.ts";

/** The bytes of a log, and how much of it has been read. */
export class Input {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly #total: number | undefined;
  #read = 0;

  private constructor(source: AsyncIterable<Uint8Array>, total: number | undefined) {
    this.chunks = this.#count(source);
    this.#total = total;
  }

  /** The named file, standard input for `-`, or the sample when there is no name. Rejects when the file cannot be opened. */
  static async open(name: string | undefined): Promise<Input> {
    if (name === undefined) {
      const sample = generateLog();
      return new Input(inChunks(sample), sample.length);
    }
    if (name === "-") {
      if (process.stdin.isTTY) console.error("reading standard input, up to its end (Ctrl-D) …");
      return new Input(process.stdin, undefined);
    }
    // npm runs scripts in the package's folder; the name was given in the folder where npm was started.
    const file = await open(resolve(process.env["INIT_CWD"] ?? ".", name));
    const stats = await file.stat();
    if (stats.isDirectory()) throw new Error(`${name} is a directory`);
    return new Input(file.createReadStream(), stats.isFile() ? stats.size : undefined);
  }

  /** 0 to 1; undefined when nobody knows how much is to come. */
  get share(): number | undefined {
    return this.#total === undefined || this.#total === 0 ? undefined : Math.min(1, this.#read / this.#total);
  }

  async *#count(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.#read += chunk.length;
      yield chunk;
    }
  }
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
}
