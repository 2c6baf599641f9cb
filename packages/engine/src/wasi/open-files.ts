import type { FileErrorCode } from "../files/guest-files.ts";

/** The files and directories that one instance holds open: so many at most, and none after its end. */
export class OpenFiles implements Disposable {
  readonly #most: number;
  /** With how many resources of the guest stand for each: a descriptor, and the streams it was asked for. */
  readonly #open = new Map<Disposable, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Opens something, for one resource. Throws "quota" when too much is open. */
  open<T extends Disposable>(open: () => T): T {
    if (this.#open.size >= this.#most) throw "quota" satisfies FileErrorCode;
    const opened = open();
    this.#open.set(opened, 1);
    return opened;
  }

  /** One more resource stands for it. */
  share(opened: Disposable): void {
    this.#open.set(opened, (this.#open.get(opened) ?? 0) + 1);
  }

  /** A resource is gone; with the last, what it stood for is closed. */
  release(opened: Disposable): void {
    const others = (this.#open.get(opened) ?? 1) - 1;
    if (others > 0) this.#open.set(opened, others);
    else if (this.#open.delete(opened)) opened[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    for (const opened of this.#open.keys()) opened[Symbol.dispose]();
    this.#open.clear();
  }
}
