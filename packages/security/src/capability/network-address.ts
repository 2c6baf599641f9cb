// Whoever resolves a name, or opens a socket, may read an address in more ways than one. Each way that some library reads is read
// here, so that none leads past a rule.

/** The eight groups of an IPv6 address; an IPv4 address stands in its place among them, `::ffff:a.b.c.d`. */
export type Address = readonly number[];

/** The address that a host stands for; `undefined` for a name, `"unclear"` for what neither is a name nor clearly an address. */
export function parseAddress(host: string): Address | undefined | "unclear" {
  if (host.startsWith("[")) return (host.endsWith("]") ? parseIpv6(host.slice(1, -1)) : undefined) ?? "unclear";
  if (host.includes(":")) return parseIpv6(host) ?? "unclear";
  const last = host.slice(host.lastIndexOf(".") + 1);
  if (!/^(?:\d+|0x[\da-f]*)$/i.test(last)) return undefined;
  return parseIpv4(host) ?? "unclear";
}

/** Up to four numbers, each decimal, octal or hexadecimal, of which the last fills the bytes that are left. */
function parseIpv4(host: string): Address | undefined {
  const parts = host.split(".").map(parseNumber);
  if (parts.length > 4) return undefined;
  let value = 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    if (part === undefined || part >= (isLast ? 256 ** (5 - parts.length) : 256)) return undefined;
    value += isLast ? part : part * 256 ** (3 - index);
  }
  return fromIpv4(value);
}

function parseNumber(text: string): number | undefined {
  if (/^0x[\da-f]{0,12}$/i.test(text)) return text.length === 2 ? 0 : Number(text);
  if (/^0[0-7]{0,15}$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9]\d{0,12}$/.test(text) ? Number(text) : undefined;
}

function fromIpv4(value: number): Address {
  return [0, 0, 0, 0, 0, 0xffff, Math.floor(value / 65_536), value % 65_536];
}

function parseIpv6(text: string): Address | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === "" ? [] : parseGroups(half)));
  if (!head) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  if (!tail || head.length + tail.length > 7) return undefined;
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function parseGroups(text: string): readonly number[] | undefined {
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (/^[\da-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      const ipv4 = index === parts.length - 1 && /^\d+\.\d+\.\d+\.\d+$/.test(part) ? parseIpv4(part) : undefined;
      if (!ipv4) return undefined;
      groups.push(...ipv4.slice(6));
    }
  }
  return groups;
}

/** One way of writing for each address: dotted decimals for IPv4, `[…]` with all groups for IPv6. */
export function formatAddress(address: Address): string {
  if (isWithin(address, IPV4)) {
    const [high = 0, low = 0] = address.slice(6);
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  return `[${address.map((group) => group.toString(16)).join(":")}]`;
}

/** The addresses that begin with so many bits of another. */
export interface Network {
  readonly start: Address;
  readonly bits: number;
}

/** @throws TypeError for what is no network; only for networks written in code */
export function network(text: string): Network {
  const [host = "", bits = ""] = text.split("/");
  const start = parseAddress(host);
  if (start === undefined || start === "unclear") throw new TypeError(`${text} is no network`);
  return { start, bits: Number(bits) + (host.includes(":") ? 0 : 96) };
}

export function isWithin(address: Address, { start, bits }: Network): boolean {
  for (let group = 0; group * 16 < bits; group += 1) {
    const mask = (0xffff << (16 - Math.min(16, bits - group * 16))) & 0xffff;
    if (((address[group] ?? 0) & mask) !== ((start[group] ?? 0) & mask)) return false;
  }
  return true;
}

const IPV4: Network = { start: fromIpv4(0), bits: 96 };

/** Ways to write an IPv4 address into an IPv6 one, with the group at which it begins. */
const CARRIERS: readonly (readonly [Network, number])[] = [
  [network("::/96"), 6],
  [network("64:ff9b::/96"), 6],
  [network("2002::/16"), 1],
];

/** The address, and the IPv4 address that a gateway would take out of it. */
export function readingsOf(address: Address): readonly Address[] {
  const carried = CARRIERS.filter(([carrier]) => isWithin(address, carrier)).map(([, at]): Address => {
    const [high = 0, low = 0] = address.slice(at, at + 2);
    return fromIpv4(high * 65_536 + low);
  });
  return [address, ...carried];
}

/** Networks that are no part of the public internet: this host, private ones, and those for special use. */
const INTERNAL: readonly Network[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/128",
  "::1/128",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
].map(network);

/** Whether it, or what a gateway would make of it, is outside the public internet. */
export function isInternal(address: Address): boolean {
  return readingsOf(address).some((reading) => INTERNAL.some((each) => isWithin(reading, each)));
}
