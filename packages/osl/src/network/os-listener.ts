import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { deadline, unlessAborted } from "../deadline.ts";
import { AccessClosedError, asOslError } from "../errors.ts";
import type { ListenOperation } from "../operation.ts";
import type { Performing } from "../performing.ts";
import { OsConnection, type WaitOptions } from "./os-connection.ts";

const SUBJECT = "tcp.listen";
const NEVER = new AbortController().signal;

/** Made by others and not accepted yet; more are cut off. */
const MOST_WAITING = 64;

/** Takes the connections that others make to a port. It is closed when its actor stops; what was accepted is closed by itself. */
export class OsListener implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #performing: Performing;
  readonly #waiting: Socket[] = [];
  #wake = Promise.withResolvers<undefined>();
  #isClosed = false;

  constructor(server: Server, port: number, performing: Performing) {
    this.port = port;
    this.#server = server;
    this.#performing = performing;
    server.on("connection", (socket) => this.#arrived(socket));
  }

  /** The next connection. Waiting no longer does not lose it. Each counts among what the actor holds open. */
  async accept({ signal, timeoutMs = this.#performing.limits.timeoutMs }: WaitOptions = {}): Promise<OsConnection> {
    const { clock } = this.#performing;
    using limit = deadline(`accepting on ${SUBJECT}`, timeoutMs, clock, NEVER, signal);
    for (;;) {
      if (this.#isClosed) throw new AccessClosedError(SUBJECT);
      const socket = this.#waiting.shift();
      if (socket === undefined) await unlessAborted(this.#wake.promise, limit.signal);
      else if (!socket.destroyed) return await this.#taken(socket);
    }
  }

  /** One that there is no room for goes on waiting. */
  async #taken(socket: Socket): Promise<OsConnection> {
    try {
      return await this.#performing.open.hold(async () => new OsConnection(socket, this.#performing));
    } catch (error) {
      this.#waiting.unshift(socket);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#performing.open.release(this);
    for (const socket of this.#waiting.splice(0)) socket.destroy();
    this.#wake.resolve(undefined);
    // Listens no more from here on; that it is closed altogether only when all that was accepted is, is nothing to wait for.
    this.#server.close();
  }

  #arrived(socket: Socket): void {
    if (this.#isClosed || this.#waiting.length >= MOST_WAITING) {
      socket.destroy();
      return;
    }
    // Until it is accepted, nobody else listens for what goes wrong with it.
    socket.on("error", () => undefined);
    socket.pause();
    this.#waiting.push(socket);
    this.#wake.resolve(undefined);
    this.#wake = Promise.withResolvers<undefined>();
  }
}

export async function listenTcp({ port }: ListenOperation, performing: Performing): Promise<OsListener> {
  const { signal, open } = performing;
  return open.hold(async () => {
    signal.throwIfAborted();
    const server = createServer({ pauseOnConnect: true });
    server.listen(port);
    try {
      // `once` rejects with the error of the server.
      await unlessAborted(once(server, "listening"), signal);
    } catch (error) {
      server.on("error", () => undefined);
      server.close();
      throw asOslError(SUBJECT, error);
    }
    return new OsListener(server, port, performing);
  });
}
