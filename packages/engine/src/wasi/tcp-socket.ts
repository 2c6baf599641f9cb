import type { GuestConnection, GuestNetwork, NetworkErrorCode } from "../network/guest-network.ts";
import { ConnectionAttempt } from "./connection-attempt.ts";
import { ConnectionSink, connectionSource } from "./connection-streams.ts";
import { fromWasiSocketAddress, isUnspecified, toWasiSocketAddress, type WasiSocketAddress } from "./ip-address.ts";
import { ALWAYS_READY } from "./pending.ts";
import { Pollable } from "./poll.ts";
import type { PulledBytes } from "./pulled-bytes.ts";
import { InputStream, OutputStream } from "./streams.ts";
import type { WasiInstance } from "./wasi-instance.ts";

export type AddressFamily = "ipv4" | "ipv6";

type State =
  | { readonly kind: "unbound" | "bind-started" | "bound" | "failed" }
  | { readonly kind: "connecting"; readonly attempt: ConnectionAttempt }
  | {
      readonly kind: "connected";
      readonly attempt: ConnectionAttempt;
      readonly connection: GuestConnection;
      readonly source: PulledBytes;
      readonly sink: ConnectionSink;
    };

/** `wasi:sockets/tcp`: a socket that can connect where the network it was granted lets it. It cannot be connected to. */
export class TcpSocket {
  readonly #wasi: WasiInstance;
  readonly #network: GuestNetwork;
  readonly #family: AddressFamily;
  #state: State = { kind: "unbound" };
  #keepAliveEnabled = false;
  #keepAliveIdleTime = 7_200_000_000_000n;
  #keepAliveInterval = 75_000_000_000n;
  #keepAliveCount = 9;
  #hopLimit = 64;
  #receiveBufferSize = 65_536n;
  #sendBufferSize = 65_536n;

  constructor(wasi: WasiInstance, network: GuestNetwork, family: AddressFamily) {
    this.#wasi = wasi;
    this.#network = network;
    this.#family = family;
  }

  /** Only to no address in particular, which is where a socket is anyway that connects. */
  startBind(_network: object, local: WasiSocketAddress): void {
    if (this.#state.kind !== "unbound") throw "invalid-state" satisfies NetworkErrorCode;
    if (local.tag !== this.#family) throw "invalid-argument" satisfies NetworkErrorCode;
    if (!isUnspecified(local) || local.val.port !== 0) throw "access-denied" satisfies NetworkErrorCode;
    this.#state = { kind: "bind-started" };
  }

  finishBind(): void {
    if (this.#state.kind !== "bind-started") throw "not-in-progress" satisfies NetworkErrorCode;
    this.#state = { kind: "bound" };
  }

  startConnect(_network: object, remote: WasiSocketAddress): void {
    const { kind } = this.#state;
    if (kind === "connecting" || kind === "bind-started") throw "concurrency-conflict" satisfies NetworkErrorCode;
    if (kind === "connected" || kind === "failed") throw "invalid-state" satisfies NetworkErrorCode;
    if (remote.tag !== this.#family || isUnspecified(remote) || remote.val.port === 0) {
      throw "invalid-argument" satisfies NetworkErrorCode;
    }
    const address = fromWasiSocketAddress(remote);
    const attempt = this.#wasi.sockets.open(
      () => new ConnectionAttempt((signal) => this.#network.connect(address, signal)),
    );
    this.#state = { kind: "connecting", attempt };
  }

  finishConnect(): [InputStream, OutputStream] {
    if (this.#state.kind !== "connecting") throw "not-in-progress" satisfies NetworkErrorCode;
    const { attempt } = this.#state;
    const { waiting, sockets } = this.#wasi;
    if (!attempt.pending.isReady()) throw "would-block" satisfies NetworkErrorCode;
    let connection: GuestConnection;
    try {
      connection = attempt.pending.result(undefined);
    } catch (thrown) {
      this.#state = { kind: "failed" };
      sockets.release(attempt);
      throw thrown;
    }
    const source = connectionSource(connection, attempt, sockets);
    const sink = new ConnectionSink(connection, attempt, sockets);
    this.#state = { kind: "connected", attempt, connection, source, sink };
    return [new InputStream(source, waiting), new OutputStream(sink, waiting)];
  }

  startListen(): never {
    throw "access-denied" satisfies NetworkErrorCode;
  }

  finishListen(): never {
    throw "not-in-progress" satisfies NetworkErrorCode;
  }

  accept(): never {
    throw "invalid-state" satisfies NetworkErrorCode;
  }

  localAddress(): WasiSocketAddress {
    if (this.#state.kind === "connected") return toWasiSocketAddress(this.#state.connection.local);
    if (this.#state.kind !== "bound") throw "invalid-state" satisfies NetworkErrorCode;
    return toWasiSocketAddress({ address: this.#family === "ipv4" ? "0.0.0.0" : "::", port: 0 });
  }

  remoteAddress(): WasiSocketAddress {
    if (this.#state.kind !== "connected") throw "invalid-state" satisfies NetworkErrorCode;
    return toWasiSocketAddress(this.#state.connection.remote);
  }

  isListening(): boolean {
    return false;
  }

  addressFamily(): AddressFamily {
    return this.#family;
  }

  /* What follows is remembered, since programs look at what they have set. The network does as it thinks best. */

  setListenBacklogSize(value: bigint): void {
    positive(value);
  }

  keepAliveEnabled(): boolean {
    return this.#keepAliveEnabled;
  }

  setKeepAliveEnabled(value: boolean): void {
    this.#keepAliveEnabled = value;
  }

  keepAliveIdleTime(): bigint {
    return this.#keepAliveIdleTime;
  }

  setKeepAliveIdleTime(value: bigint): void {
    this.#keepAliveIdleTime = positive(value);
  }

  keepAliveInterval(): bigint {
    return this.#keepAliveInterval;
  }

  setKeepAliveInterval(value: bigint): void {
    this.#keepAliveInterval = positive(value);
  }

  keepAliveCount(): number {
    return this.#keepAliveCount;
  }

  setKeepAliveCount(value: number): void {
    this.#keepAliveCount = positive(value);
  }

  hopLimit(): number {
    return this.#hopLimit;
  }

  setHopLimit(value: number): void {
    this.#hopLimit = positive(value);
  }

  receiveBufferSize(): bigint {
    return this.#receiveBufferSize;
  }

  setReceiveBufferSize(value: bigint): void {
    this.#receiveBufferSize = positive(value);
  }

  sendBufferSize(): bigint {
    return this.#sendBufferSize;
  }

  setSendBufferSize(value: bigint): void {
    this.#sendBufferSize = positive(value);
  }

  subscribe(): Pollable {
    const awaited = this.#state.kind === "connecting" ? this.#state.attempt.pending : ALWAYS_READY;
    return new Pollable(awaited, this.#wasi.waiting);
  }

  shutdown(type: "receive" | "send" | "both"): void {
    if (this.#state.kind !== "connected") throw "invalid-state" satisfies NetworkErrorCode;
    if (type !== "send") this.#state.source.end();
    if (type !== "receive") this.#state.sink.end();
  }

  [Symbol.dispose](): void {
    if ("attempt" in this.#state) this.#wasi.sockets.release(this.#state.attempt);
  }
}

function positive<T extends number | bigint>(value: T): T {
  if (value <= 0) throw "invalid-argument" satisfies NetworkErrorCode;
  return value;
}
