import type { WriteStream } from "node:tty";

/** Shows how far the work has come: a bar that redraws itself on a terminal, a plain line now and then when piped. */
export class Progress {
  readonly #stream: WriteStream | NodeJS.WriteStream;
  readonly #started = performance.now();
  #shownAt = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** `share` is 0 to 1, or undefined when nobody knows how much is to come. */
  show(lines: number, share: number | undefined): void {
    const now = performance.now();
    if (lines === 0 || now - this.#shownAt < (this.#stream.isTTY ? 100 : 1000)) return;
    this.#shownAt = now;
    this.#write(lines, share);
  }

  finish(lines: number): void {
    this.#write(lines, 1);
    if (this.#stream.isTTY) this.#stream.write("\n");
  }

  #write(lines: number, share: number | undefined): void {
    const perSecond = Math.round(lines / ((performance.now() - this.#started) / 1000));
    const figures = `${lines.toLocaleString("en")} lines, ${perSecond.toLocaleString("en")} lines/s`;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${share === undefined ? "" : `${Math.round(share * 100)} % `}${figures}\n`);
      return;
    }
    // A line that wraps cannot be drawn over: the bar takes what the figures leave.
    const width = Math.min(30, this.#stream.columns - figures.length - 8);
    const done = Math.round((share ?? 0) * width);
    const isDrawn = share !== undefined && width > 0;
    const bar = isDrawn ? `${"█".repeat(done)}${"░".repeat(width - done)} ${Math.round(share * 100)} % ` : "";
    this.#stream.write(`\r\u001B[K${bar}${figures}`);
  }
}
