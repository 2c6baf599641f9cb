import type { LogLevel } from "./generated/airssys-core-types-types.ts";

/** What a component prints is cut into lines of at most this many bytes: output without a line end must not pile up. */
const maxLineBytes = 8192;
const lf = 0x0a;
const cr = 0x0d;

/** Turns the bytes of one output stream into log lines. Empty lines are left out. */
export class GuestStdio {
  readonly #level: LogLevel;
  readonly #writeLine: (level: LogLevel, line: string) => void;
  readonly #decoder = new TextDecoder();
  #held: number[] = [];

  constructor(level: LogLevel, writeLine: (level: LogLevel, line: string) => void) {
    this.#level = level;
    this.#writeLine = writeLine;
  }

  write(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte !== lf) this.#held.push(byte);
      if (byte === lf || this.#held.length === maxLineBytes) this.flush();
    }
  }

  /** Writes what has no line end yet. */
  flush(): void {
    if (this.#held.at(-1) === cr) this.#held.pop();
    if (this.#held.length === 0) return;
    const line = this.#decoder.decode(Uint8Array.from(this.#held));
    this.#held = [];
    this.#writeLine(this.#level, line);
  }
}
