import { OpenFiles } from "./open-files.ts";
import type { Waiting } from "./poll.ts";
import { completeWasi, type WasiOptions, type WasiSettings } from "./settings.ts";
import { GivenBytes } from "./stdio.ts";

/** What one instance has of WASI. Every interface, of whatever release, is made from it, so that they agree. */
export class WasiInstance implements Disposable {
  readonly settings: WasiSettings;
  readonly waiting: Waiting;
  readonly stdin: GivenBytes;
  readonly openFiles: OpenFiles;
  readonly #end: AbortController | undefined;

  /** `mayWait` where a function of the host may answer with a promise. Throws BadOptionError for an option that cannot be used. */
  constructor(options?: WasiOptions, mayWait: "may-wait" | "must-not-wait" = "must-not-wait") {
    this.settings = completeWasi(options);
    this.#end = mayWait === "may-wait" ? new AbortController() : undefined;
    this.waiting = this.#end === undefined ? "refused" : { ended: this.#end.signal };
    this.stdin = new GivenBytes("stdin", this.settings.stdin);
    this.openFiles = new OpenFiles(this.settings.maxOpenFiles);
  }

  /** Closes whatever the guest left open, and ends what it was waiting for. */
  [Symbol.dispose](): void {
    this.#end?.abort();
    this.openFiles[Symbol.dispose]();
  }
}

/** Makes the engine's implementation of each interface, by its name without a version. */
export type InterfaceMakers = Readonly<Record<string, (wasi: WasiInstance) => object>>;
