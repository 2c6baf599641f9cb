import type { GuestNetwork, IpAddress, NetworkErrorCode } from "../network/guest-network.ts";
import type { IoError } from "./error.ts";
import { toWasiAddress, type WasiAddress } from "./ip-address.ts";
import { Pending } from "./pending.ts";
import { Pollable, type Waiting } from "./poll.ts";
import { type AddressFamily, TcpSocket } from "./tcp-socket.ts";
import { unusedResource } from "./unused-resource.ts";
import type { InterfaceMakers, WasiInstance } from "./wasi-instance.ts";

/**
 * `wasi:sockets`: the network that was granted. Without a grant everything is there and is denied, since standard libraries import it
 * whether their program does or not.
 */

/** All that a guest can do with it is to hand it back. */
class Network {
  readonly what = "the network";
}

/** `wasi:sockets/ip-name-lookup`: the addresses of a name, one by one. */
class ResolveAddressStream {
  readonly #lookup: Pending<readonly IpAddress[]>;
  readonly #waiting: Waiting;
  #next = 0;

  constructor(lookup: Pending<readonly IpAddress[]>, waiting: Waiting) {
    this.#lookup = lookup;
    this.#waiting = waiting;
  }

  resolveNextAddress(): WasiAddress | undefined {
    const address = this.#lookup.result("would-block" satisfies NetworkErrorCode)[this.#next];
    if (address === undefined) return undefined;
    this.#next += 1;
    return toWasiAddress(address);
  }

  subscribe(): Pollable {
    return new Pollable(this.#lookup, this.#waiting);
  }
}

/** As long as any name may be. */
const MAX_NAME_LENGTH = 253;

function resolveAddresses(wasi: WasiInstance, name: string): ResolveAddressStream {
  const network = granted(wasi);
  if (name === "" || name.length > MAX_NAME_LENGTH || !/^[a-z0-9._:-]+$/i.test(name)) {
    throw "invalid-argument" satisfies NetworkErrorCode;
  }
  const lookup = new Pending("a name, to be looked up", network.resolve(name, wasi.ended));
  return new ResolveAddressStream(lookup, wasi.waiting);
}

function createUdpSocket(wasi: WasiInstance): never {
  granted(wasi);
  throw "not-supported" satisfies NetworkErrorCode;
}

function granted({ settings: { network } }: WasiInstance): GuestNetwork {
  if (network === undefined) throw "access-denied" satisfies NetworkErrorCode;
  return network;
}

function networkErrorCode({ failure }: IoError): string | undefined {
  return failure.kind === "network" ? failure.code : undefined;
}

export const socketInterfaces: InterfaceMakers = {
  "wasi:sockets/instance-network": () => ({ instanceNetwork: () => new Network() }),
  "wasi:sockets/network": () => ({ Network, networkErrorCode }),
  "wasi:sockets/ip-name-lookup": (wasi) => ({
    ResolveAddressStream,
    resolveAddresses: (_network: Network, name: string) => resolveAddresses(wasi, name),
  }),
  "wasi:sockets/tcp": () => ({ TcpSocket }),
  "wasi:sockets/tcp-create-socket": (wasi) => ({
    createTcpSocket: (family: AddressFamily) => new TcpSocket(wasi, granted(wasi), family),
  }),
  "wasi:sockets/udp": () => ({
    UdpSocket: unusedResource(),
    IncomingDatagramStream: unusedResource(),
    OutgoingDatagramStream: unusedResource(),
  }),
  "wasi:sockets/udp-create-socket": (wasi) => ({ createUdpSocket: () => createUdpSocket(wasi) }),
};
