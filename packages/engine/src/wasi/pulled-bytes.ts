import type { IoError } from "./error.ts";
import { Pending } from "./pending.ts";
import type { ByteSource } from "./streams.ts";

/** Where bytes are pulled from, one pull at a time. */
export interface PulledFrom {
  readonly what: string;
  /** The next bytes; undefined after the last. */
  readonly pull: () => Promise<Uint8Array | undefined>;
  /** What a guest is to be told for what a pull was rejected with; throws what is the host's own failure. */
  readonly failureOf: (thrown: unknown) => IoError;
  readonly release: () => void;
}

/** Bytes that arrive in their own time. Nothing is pulled that the guest has not shown interest in. */
export class PulledBytes implements ByteSource {
  readonly what: string;
  readonly #from: PulledFrom;
  #rest: Uint8Array = new Uint8Array();
  #pulling: Pending<Uint8Array | undefined> | undefined;
  #isEnded = false;

  constructor(from: PulledFrom) {
    this.what = from.what;
    this.#from = from;
  }

  isReady(): boolean {
    return this.#isEnded || this.#rest.length > 0 || this.#underWay().isReady();
  }

  readonly whenChanged = (): Promise<void> => this.#underWay().whenChanged();

  read(most: number): Uint8Array | undefined {
    if (this.#rest.length === 0 && !this.#isEnded && this.#underWay().isReady()) this.#arrive();
    if (this.#rest.length === 0) return this.#isEnded ? undefined : new Uint8Array();
    const bytes = this.#rest.slice(0, most);
    this.#rest = this.#rest.subarray(most);
    return bytes;
  }

  /** The guest wants no more. */
  end(): void {
    this.#isEnded = true;
    this.#rest = new Uint8Array();
  }

  [Symbol.dispose](): void {
    this.end();
    this.#from.release();
  }

  #underWay(): Pending<Uint8Array | undefined> {
    return (this.#pulling ??= new Pending(this.what, this.#from.pull()));
  }

  #arrive(): void {
    let arrived: Uint8Array | undefined;
    try {
      arrived = this.#underWay().result(undefined);
    } catch (thrown) {
      throw this.#from.failureOf(thrown);
    }
    this.#pulling = undefined;
    if (arrived === undefined) this.#isEnded = true;
    else this.#rest = arrived;
  }
}
