import { isIPv4, isIPv6 } from "node:net";
import type { IpAddress, NetworkErrorCode, SocketAddress } from "../network/guest-network.ts";

/** Addresses as `wasi:sockets/network` has them. */
export type WasiAddress =
  | { readonly tag: "ipv4"; readonly val: readonly number[] }
  | { readonly tag: "ipv6"; readonly val: readonly number[] };

export type WasiSocketAddress =
  | { readonly tag: "ipv4"; readonly val: { readonly port: number; readonly address: readonly number[] } }
  | {
      readonly tag: "ipv6";
      readonly val: {
        readonly port: number;
        readonly flowInfo: number;
        readonly address: readonly number[];
        readonly scopeId: number;
      };
    };

export function toWasiAddress(address: IpAddress): WasiAddress {
  if (isIPv4(address)) return { tag: "ipv4", val: address.split(".").map(Number) };
  // Throws a TypeError for what is no address: it comes from the host.
  if (!isIPv6(address)) throw new TypeError(`${address} is no IP address`);
  return { tag: "ipv6", val: groupsOf(address) };
}

export function toWasiSocketAddress({ address, port }: SocketAddress): WasiSocketAddress {
  const { tag, val } = toWasiAddress(address);
  return tag === "ipv4"
    ? { tag, val: { port, address: val } }
    : { tag, val: { port, flowInfo: 0, address: val, scopeId: 0 } };
}

/** Throws "not-supported" for an address that only means something on one of the host's own links. */
export function fromWasiSocketAddress({ tag, val }: WasiSocketAddress): SocketAddress {
  if (tag === "ipv4") return { address: val.address.join("."), port: val.port };
  if (val.scopeId !== 0) throw "not-supported" satisfies NetworkErrorCode;
  return { address: val.address.map((group) => group.toString(16)).join(":"), port: val.port };
}

/** Whether it stands for no address in particular. */
export function isUnspecified({ val }: WasiSocketAddress): boolean {
  return val.address.every((part) => part === 0);
}

/** The eight groups of an IPv6 address, written out by the parser of URLs. */
function groupsOf(address: string): number[] {
  const [unscoped = ""] = address.split("%");
  const canonical = new URL(`http://[${unscoped}]`).hostname.slice(1, -1);
  const [before = "", after] = canonical.split("::");
  const head = before.split(":").filter((group) => group !== "");
  const tail = (after ?? "").split(":").filter((group) => group !== "");
  const zeroes = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeroes, ...tail].map((group) => Number.parseInt(group, 16));
}
