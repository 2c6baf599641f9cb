import type { Socket } from "node:net";
import type { GuestConnection, SocketAddress } from "./guest-network.ts";
import { networkCodeOf } from "./network-errors.ts";

/** A TCP connection of the host. */
export class HostConnection implements GuestConnection {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly #socket: Socket;
  #failure: unknown;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.local = { address: socket.localAddress ?? "", port: socket.localPort ?? 0 };
    this.remote = { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
    socket.on("error", (error) => (this.#failure = error));
  }

  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw networkCodeOf(this.#failure);
      const chunk: Buffer | null = this.#socket.read();
      if (chunk !== null) return new Uint8Array(chunk);
      if (this.#socket.readableEnded || this.#socket.destroyed) return undefined;
      await this.#event("readable", "end", "close");
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#socket.write(bytes, (error) => (error ? reject(networkCodeOf(error)) : resolve()));
    return promise;
  }

  async end(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.end(resolve);
    return promise;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  async #event(...names: readonly string[]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const name of names) this.#socket.once(name, resolve);
    await promise;
    for (const name of names) this.#socket.off(name, resolve);
  }
}
