import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { BadOptionError } from "../errors.ts";
import { HostConnection } from "./host-connection.ts";
import type { GuestConnection, GuestNetwork, IpAddress, NetworkErrorCode, SocketAddress } from "./guest-network.ts";
import { networkCodeOf } from "./network-errors.ts";

/** Someone a guest may connect to. */
export interface Destination {
  /** A name, which matches itself only and may be looked up; or an address. */
  readonly host: string;
  readonly port: number;
}

/**
 * The network of the host as far as it goes to these destinations. An address is reached when it is named itself, or is what a name stood
 * for when this guest last looked it up; so a guest reaches what its operator named, and no other address by guessing.
 */
export class HostNetwork implements GuestNetwork {
  readonly #byHost = new Map<string, Set<number>>();
  /** For each address that was looked up, the ports of the names that it stood for. */
  readonly #byAddress = new Map<IpAddress, Set<number>>();

  /** Throws BadOptionError for a destination that is none. */
  constructor(destinations: readonly Destination[]) {
    for (const { host, port } of destinations) {
      if (host === "" || !Number.isInteger(port) || port < 1 || port > 65_535) {
        throw new BadOptionError("destinations", "hosts with ports from 1 to 65535", `${host}:${port}`);
      }
      const key = keyOf(host);
      this.#byHost.set(key, new Set([...(this.#byHost.get(key) ?? []), port]));
    }
  }

  async resolve(name: string, signal: AbortSignal): Promise<readonly IpAddress[]> {
    const key = keyOf(name);
    const ports = this.#byHost.get(key);
    if (ports === undefined) throw "access-denied" satisfies NetworkErrorCode;
    if (isIP(key) !== 0) return [key];
    const addresses = await this.#lookUp(key);
    signal.throwIfAborted();
    for (const address of addresses) {
      const known = this.#byAddress.get(keyOf(address)) ?? [];
      this.#byAddress.set(keyOf(address), new Set([...known, ...ports]));
    }
    return addresses;
  }

  async connect(remote: SocketAddress, signal: AbortSignal): Promise<GuestConnection> {
    const key = keyOf(remote.address);
    const mayConnect = this.#byHost.get(key)?.has(remote.port) ?? this.#byAddress.get(key)?.has(remote.port) ?? false;
    if (!mayConnect) throw "access-denied" satisfies NetworkErrorCode;
    return new HostConnection(await connected(connect({ host: key, port: remote.port, signal })));
  }

  async #lookUp(name: string): Promise<readonly IpAddress[]> {
    try {
      return (await lookup(name, { all: true })).map(({ address }) => address);
    } catch (error) {
      throw networkCodeOf(error);
    }
  }
}

/** One spelling for each host: names in lower case, addresses as URLs write them. */
function keyOf(host: string): string {
  if (isIP(host) !== 6) return host.toLowerCase();
  return new URL(`http://[${host}]`).hostname.slice(1, -1);
}

async function connected(socket: Socket): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  socket.once("connect", () => resolve(socket));
  socket.once("error", (error) => reject(networkCodeOf(error)));
  return promise;
}
