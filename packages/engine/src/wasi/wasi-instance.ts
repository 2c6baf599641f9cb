import type { FileErrorCode } from "../files/guest-files.ts";
import type { NetworkErrorCode } from "../network/guest-network.ts";
import { OpenHandles } from "./open-handles.ts";
import type { Waiting } from "./poll.ts";
import { completeWasi, DEFAULT_WASI, type WasiOptions, type WasiSettings } from "./settings.ts";
import { GivenBytes } from "./stdio.ts";

/**
 * What one instance has of WASI. Every interface, of whatever release, is made from it, so that they agree. Most guests never ask for most of
 * it: that is made when it is asked for.
 */
export class WasiInstance implements Disposable {
  readonly settings: WasiSettings;
  readonly waiting: Waiting;
  #end: AbortController | undefined;
  #stdin: GivenBytes | undefined;
  #openFiles: OpenHandles | undefined;
  #sockets: OpenHandles | undefined;

  /** `mayWait` where a function of the host may answer with a promise. Throws BadOptionError for an option that cannot be used. */
  constructor(options?: WasiOptions, mayWait: "may-wait" | "must-not-wait" = "must-not-wait") {
    this.settings = options === undefined ? DEFAULT_WASI : completeWasi(options);
    this.waiting = mayWait === "may-wait" ? { ended: this.ended } : blockingFor(this.settings.maxBlockMs);
  }

  get stdin(): GivenBytes {
    return (this.#stdin ??= new GivenBytes("stdin", this.settings.stdin));
  }

  get openFiles(): OpenHandles {
    return (this.#openFiles ??= new OpenHandles(this.settings.maxOpenFiles, "quota" satisfies FileErrorCode));
  }

  get sockets(): OpenHandles {
    return (this.#sockets ??= new OpenHandles(this.settings.maxSockets, "new-socket-limit" satisfies NetworkErrorCode));
  }

  /** Fires when the instance is disposed. */
  get ended(): AbortSignal {
    return (this.#end ??= new AbortController()).signal;
  }

  /** Whether it was granted anything that it could leave open. */
  get mayHoldOpen(): boolean {
    return (
      this.settings.preopens.length > 0 || this.settings.network !== undefined || this.settings.fetch !== undefined
    );
  }

  /** Closes whatever the guest left open, and ends what it was waiting for. */
  [Symbol.dispose](): void {
    this.#end?.abort();
    this.#openFiles?.[Symbol.dispose]();
    this.#sockets?.[Symbol.dispose]();
  }
}

function blockingFor(maxBlockMs: number): Waiting {
  return maxBlockMs === 0 ? "refused" : { maxBlockMs };
}

/** Makes the engine's implementation of each interface, by its name without a version. */
export type InterfaceMakers = Readonly<Record<string, (wasi: WasiInstance) => object>>;
