import { createHash } from "node:crypto";
import { wasm, type WasmImports, type WasmMemory } from "../../src/webassembly.ts";
import { call } from "./confined.ts";
import { CALL_BUDGET, type GeneratedModule, STATE } from "./generator/module.ts";
import type { Signature } from "./generator/signature.ts";

/** Enough to get deep, and few enough to end. */
const BACK_CALLS = 20;

/** The host of a generated module: gives it what it imports, and looks at what it left. */
export class GeneratedHost {
  readonly imports: WasmImports;
  readonly notes: number[] = [];
  /** Called when a function of the host returns. */
  onReturn: () => void = () => undefined;
  readonly #functions: readonly Signature[];
  readonly #memory: WasmMemory = new wasm.Memory({ initial: 1, maximum: 2 });
  #exports: Readonly<Record<string, unknown>> | undefined;
  #backCalls = 0;

  constructor({ functions }: GeneratedModule) {
    this.#functions = functions;
    this.imports = {
      host: {
        base: 7,
        memory: this.#memory,
        note: (value: number) => this.#note(value),
        back: (value: number) => this.#back(value),
      },
    };
  }

  /** From here on the host may call back. */
  attach(exports: Readonly<Record<string, unknown>>): void {
    this.#exports = exports;
  }

  /** A call from outside begins. */
  begin(): void {
    this.notes.length = 0;
    this.#backCalls = 0;
    if (this.#exports !== undefined) Reflect.set(Object(this.#exports["budget"]), "value", CALL_BUDGET);
  }

  /** Everything that the module can change, in short. */
  get state(): string {
    const exports = this.#exports;
    if (exports === undefined) return digest([this.#memory]);
    const values = STATE.globals.map((name) => String(Reflect.get(Object(exports[name]), "value")));
    return [digest(STATE.memories.map((name) => exports[name])), ...values, ...this.#tables(exports)].join(" ");
  }

  #note(value: number): number {
    this.notes.push(value);
    this.onReturn();
    return (value * 7 + 1) | 0;
  }

  /** Calls a function of the module from within a call of it. */
  #back(value: number): number {
    const callee = this.#functions[Math.abs(value) % this.#functions.length];
    this.#backCalls += 1;
    if (this.#exports === undefined || callee === undefined || this.#backCalls > BACK_CALLS) return -1;
    call(
      this.#exports,
      callee.name.slice(1),
      ...callee.parameters.map((type) => (type === "i64" ? BigInt(value) : value)),
    );
    this.onReturn();
    return 1;
  }

  /** Which elements there are. That they are the right ones shows when they are called. */
  #tables(exports: Readonly<Record<string, unknown>>): string[] {
    return STATE.tables.map((table) => {
      const { length, get }: { length: number; get: (index: number) => unknown } = Object(exports[table]);
      return Array.from({ length }, (_, index) => (get.call(exports[table], index) === null ? "-" : "f")).join("");
    });
  }
}

function digest(memories: readonly unknown[]): string {
  const hash = createHash("sha256");
  for (const memory of memories) {
    const buffer: ArrayBuffer = Reflect.get(Object(memory), "buffer");
    hash.update(new Uint8Array(buffer));
  }
  return hash.digest("hex").slice(0, 16);
}
