import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIP } from "node:net";
import { deadline, unlessAborted } from "../deadline.ts";
import { AccessClosedError, asOslError, OperationFailedError } from "../errors.ts";
import type { BindOperation } from "../operation.ts";
import type { Performing } from "../performing.ts";
import type { WaitOptions } from "./os-connection.ts";
import { grantedAddresses } from "./resolver.ts";
import { type Endpoint, targetOf } from "./target.ts";

const SUBJECT = "udp.bind";
const NEVER = new AbortController().signal;

/** Received and not asked for yet; more are lost, as datagrams may be. */
const MOST_WAITING = 256;

export interface Datagram extends Endpoint {
  readonly bytes: Uint8Array;
}

/** Sends datagrams to whom policy grants, and receives them. It is closed when its actor stops. */
export class OsSocket implements AsyncDisposable {
  readonly port: number;
  readonly #socket: Socket;
  readonly #performing: Performing;
  readonly #received: Datagram[] = [];
  #wake = Promise.withResolvers<undefined>();
  #dropped = 0;
  #isClosed = false;

  constructor(socket: Socket, performing: Performing) {
    this.#socket = socket;
    this.#performing = performing;
    this.port = socket.address().port;
    socket.on("message", (bytes, { address, port }) =>
      this.#arrived({ bytes: new Uint8Array(bytes), host: address, port }),
    );
    socket.on("error", () => this.#close());
  }

  /** Datagrams that came when too many waited already. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Sends one to the first address of the host; whether it arrives, nobody can say. Asked for each time, by name and by address. */
  async send({ bytes, host, port }: Datagram, { signal, timeoutMs }: WaitOptions = {}): Promise<void> {
    const { authorize, resolve, clock, limits, charge } = this.#performing;
    if (this.#isClosed) throw new AccessClosedError(SUBJECT);
    using limit = deadline("sending a datagram", timeoutMs ?? limits.timeoutMs, clock, NEVER, signal);
    authorize({ kind: "connect", target: targetOf({ host, port }) });
    try {
      const addresses = await grantedAddresses({ host, port }, { authorize, resolve, signal: limit.signal });
      const address = addresses.find((each) => isIP(each) === 4);
      if (address === undefined) throw new OperationFailedError("sending a datagram", "EAFNOSUPPORT");
      await charge(0, bytes.length);
      const { promise, resolve: done, reject } = Promise.withResolvers<undefined>();
      this.#socket.send(bytes, port, address, (error) => (error ? reject(error) : done(undefined)));
      await unlessAborted(promise, limit.signal);
    } catch (error) {
      throw asOslError("sending a datagram", error);
    }
  }

  /** The next that came, from whomever. Waiting no longer loses nothing. */
  async receive({ signal, timeoutMs }: WaitOptions = {}): Promise<Datagram> {
    const { clock, limits, charge } = this.#performing;
    using limit = deadline("receiving a datagram", timeoutMs ?? limits.timeoutMs, clock, NEVER, signal);
    for (;;) {
      if (this.#isClosed) throw new AccessClosedError(SUBJECT);
      const datagram = this.#received.shift();
      if (datagram !== undefined) {
        await charge(datagram.bytes.length, 0);
        return datagram;
      }
      await unlessAborted(this.#wake.promise, limit.signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#performing.open.release(this);
    this.#socket.close();
    this.#wake.resolve(undefined);
  }

  #arrived(datagram: Datagram): void {
    if (this.#received.length >= MOST_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#received.push(datagram);
    this.#wake.resolve(undefined);
    this.#wake = Promise.withResolvers<undefined>();
  }
}

export async function bindUdp({ port }: BindOperation, performing: Performing): Promise<OsSocket> {
  const { signal, open } = performing;
  return open.hold(async () => {
    signal.throwIfAborted();
    const socket = createSocket("udp4");
    socket.bind(port);
    try {
      // `once` rejects with the error of the socket.
      await unlessAborted(once(socket, "listening"), signal);
      return new OsSocket(socket, performing);
    } catch (error) {
      socket.on("error", () => undefined);
      socket.close();
      throw asOslError(SUBJECT, error);
    }
  });
}
