/*
 * What a guest's network is: a capability, handed to the instance as a value. Whoever lacks one reaches nobody. It takes time, so all
 * of it is promises; one that is rejected with a NetworkErrorCode, a plain value, tells the guest what was refused, and one that is
 * rejected with an Error is the host's own failure.
 */

/** What can go wrong with a network, in the words of `wasi:sockets/network`. */
export type NetworkErrorCode =
  | "unknown"
  | "access-denied"
  | "not-supported"
  | "invalid-argument"
  | "out-of-memory"
  | "timeout"
  | "concurrency-conflict"
  | "not-in-progress"
  | "would-block"
  | "invalid-state"
  | "new-socket-limit"
  | "address-not-bindable"
  | "address-in-use"
  | "remote-unreachable"
  | "connection-refused"
  | "connection-reset"
  | "connection-aborted"
  | "datagram-too-large"
  | "name-unresolvable"
  | "temporary-resolver-failure"
  | "permanent-resolver-failure";

/** In text form, such as `127.0.0.1` or `::1`. */
export type IpAddress = string;

export interface SocketAddress {
  readonly address: IpAddress;
  readonly port: number;
}

/** A connection that stands. Disposing it cuts it off. */
export interface GuestConnection extends Disposable {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  /** The next bytes, any number but none; undefined once the other side has said all. One at a time. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolves when there is room for more. One at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /** Tells the other side that this is all. */
  end(): Promise<void>;
}

export interface GuestNetwork {
  /** The addresses of a name, the best first. */
  resolve(name: string, signal: AbortSignal): Promise<readonly IpAddress[]>;
  connect(remote: SocketAddress, signal: AbortSignal): Promise<GuestConnection>;
}
