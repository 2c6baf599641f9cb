// The three guests joined by hand: what one sends is the next one's message, and a parser that traps is replaced.
import { fileURLToPath } from "node:url";
import {
  loadComponent,
  type ComponentMessage,
  type HostFunctions,
  type RunningComponent,
} from "../../../packages/guest/test/run-component.ts";
import { decodeNumber, decodeReport, type Report } from "../report.ts";

const names = ["parser", "classify", "aggregate"] as const;
const longestLine = 65_536;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const codecRaw = 0x55;

export interface Outcome {
  readonly report: Report;
  readonly malformed: number;
  /** Malformed lines that made the parser trap. */
  readonly traps: number;
  readonly progress: readonly number[];
}

type Start = (host: HostFunctions) => RunningComponent;

export class Chain {
  readonly #start: Readonly<Record<(typeof names)[number], Start>>;
  readonly #progress: number[] = [];
  readonly #config: Readonly<Record<string, string>>;
  #aggregate: RunningComponent;
  #classify: RunningComponent;
  #parser: RunningComponent;

  private constructor(
    start: Readonly<Record<(typeof names)[number], Start>>,
    config: Readonly<Record<string, string>>,
  ) {
    this.#start = start;
    this.#config = config;
    this.#aggregate = this.#launch("aggregate", () => undefined);
    this.#classify = this.#launch("classify", (payload) => this.#aggregate.lifecycle.handleMessage(message(payload)));
    this.#parser = this.#launchParser();
  }

  /** Every chain has components of its own, started from what was loaded once. */
  static async load(): Promise<(config?: Readonly<Record<string, string>>) => Chain> {
    const [parser, classify, aggregate] = await Promise.all([load("parser"), load("classify"), load("aggregate")]);
    return (config = {}) => new Chain({ parser, classify, aggregate }, config);
  }

  feed(log: Uint8Array): Outcome {
    let [malformed, traps] = [0, 0];
    for (const line of linesOf(log)) {
      try {
        if (line.length > longestLine) malformed += 1;
        else this.#parser.lifecycle.handleMessage(message(Uint8Array.of(codecRaw, ...line)));
      } catch (refusal) {
        malformed += 1;
        if (!(refusal instanceof Error)) continue;
        traps += 1;
        this.#parser = this.#launchParser();
      }
    }
    return { report: this.report(), malformed, traps, progress: this.#progress };
  }

  report(): Report {
    return decodeReport(this.#aggregate.lifecycle.execute(new TextEncoder().encode("report"), {}));
  }

  #launchParser(): RunningComponent {
    return this.#launch("parser", (payload) => this.#classify.lifecycle.handleMessage(message(payload)));
  }

  #launch(name: (typeof names)[number], send: (payload: Uint8Array) => unknown): RunningComponent {
    const component = this.#start[name]({
      "airssys:core-host/messaging": {
        send: (_to: string, payload: Uint8Array) => void send(payload),
        publish: (_topic: string, payload: Uint8Array) => this.#progress.push(decodeNumber(payload)),
      },
    });
    const values = Object.entries({ next: "access-log/next", ...this.#config });
    component.lifecycle.init({ id: { namespace: "access-log", name, version: "1.0.0" }, values });
    return component;
  }
}

async function load(name: (typeof names)[number]): Promise<Start> {
  return loadComponent(wasmOf(name));
}

/** Where the example's build puts a guest. */
export function wasmOf(name: (typeof names)[number]): string {
  return fileURLToPath(new URL(`../guests/${name}/build/${name}.wasm`, import.meta.url));
}

export function message(payload: Uint8Array): ComponentMessage {
  return { payload, timestamp: { seconds: 0n, nanoseconds: 0 }, headers: [] };
}

/** Split at LF, one CR before it dropped; an empty line is none. */
export function* linesOf(log: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < log.length;) {
    const found = log.indexOf(lineFeed, start);
    const end = found === -1 ? log.length : found;
    const line = log.subarray(start, log[end - 1] === carriageReturn && end > start ? end - 1 : end);
    if (line.length > 0) yield line;
    start = end + 1;
  }
}
