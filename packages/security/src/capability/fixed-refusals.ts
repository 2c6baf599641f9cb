// What is refused whatever is granted. The list is short and has names, because an operator who needs one of these things has to be
// able to say so, and nobody else.
import type { CompiledRequest } from "./capability-pattern.ts";
import type { Right } from "./capability.ts";
import { type Address, isWithin, network, type Network, readingsOf } from "./network-address.ts";
import { coversPaths } from "./path-inclusion.ts";
import { parsePathPattern } from "./path-pattern.ts";
import { PatternTrie } from "./pattern-trie.ts";
import type { Segment } from "./segment.ts";

type FileRefusal =
  | "account-files"
  | "password-files"
  | "sudo-rules"
  | "boot"
  | "sys"
  | "proc"
  | "device-writes"
  | "ssh-keys";
type PortRefusal = "ssh-port" | "mysql-port" | "postgres-port";
/** The metadata service has a link-local address: to reach it, both have to be lifted. */
type NetworkRefusal = "link-local" | "cloud-metadata";

/** What is refused whatever is granted, by the name under which an operator lifts it. */
export type FixedRefusal = FileRefusal | PortRefusal | NetworkRefusal;

interface FileRule {
  readonly rights: readonly Right[];
  /** In lower case. */
  readonly paths: readonly string[];
}

interface NetworkRule {
  readonly networks: readonly Network[];
  readonly hosts: ReadonlySet<string>;
}

const CHANGES: readonly Right[] = ["file.write", "file.delete"];
const ALL: readonly Right[] = ["file.read", "file.list", ...CHANGES, "spawn"];

const FILES: Readonly<Record<FileRefusal, FileRule>> = {
  "account-files": { rights: ALL, paths: inEtc("passwd", "passwd-") },
  "password-files": { rights: ALL, paths: inEtc("shadow", "shadow-", "gshadow", "gshadow-", "master.passwd") },
  "sudo-rules": { rights: ALL, paths: inEtc("sudoers", "sudoers.d/**") },
  boot: { rights: ALL, paths: ["/boot/**"] },
  sys: { rights: ALL, paths: ["/sys/**"] },
  proc: { rights: ALL, paths: ["/proc/**"] },
  "device-writes": { rights: CHANGES, paths: ["/dev/**"] },
  "ssh-keys": { rights: ALL, paths: ["/**/.ssh/**", ...inEtc("ssh/**")] },
};

const PORTS: Readonly<Record<PortRefusal, string>> = {
  "ssh-port": "22",
  "mysql-port": "3306",
  "postgres-port": "5432",
};

const NETWORKS: Readonly<Record<NetworkRefusal, NetworkRule>> = {
  "link-local": { networks: ["169.254.0.0/16", "fe80::/10"].map(network), hosts: new Set() },
  "cloud-metadata": {
    networks: [
      "169.254.169.254/32",
      "169.254.170.2/32",
      "169.254.170.23/32",
      "100.100.100.200/32",
      "168.63.129.16/32",
      "192.0.0.192/32",
      "fd00:ec2::254/128",
      "fd00:ec2::23/128",
      "fd20:ce::254/128",
    ].map(network),
    hosts: new Set([
      "metadata",
      "metadata.google.internal",
      "metadata.goog",
      "instance-data",
      "instance-data.ec2.internal",
    ]),
  },
};

/** On some systems `/etc` is a link to `/private/etc`, and links are resolved before anybody asks. */
function inEtc(...names: readonly string[]): readonly string[] {
  return ["/etc/", "/private/etc/", "/usr/etc/"].flatMap((folder) => names.map((name) => folder + name));
}

const ANYWHERE = "/**/";
const ALL_PATHS = Object.values(FILES).flatMap(({ paths }) => paths);
/** The folders at the root that rules are about, and names that are looked for in any folder. */
const FIRST_NAMES = namesIn(
  ALL_PATHS.filter((path) => !path.startsWith(ANYWHERE)),
  1,
);
const ANY_NAMES = namesIn(
  ALL_PATHS.filter((path) => path.startsWith(ANYWHERE)),
  2,
);
const LONGEST_NAME = Math.max(...[...FIRST_NAMES, ...ANY_NAMES].map((name) => name.length));

function namesIn(paths: readonly string[], at: number): ReadonlySet<string> {
  return new Set(paths.map((path) => path.split("/")[at] ?? ""));
}

/** What names that are looked for in any folder begin with: dots, which have no case. */
const ANY_INITIALS = new Set([...ANY_NAMES].map((name) => name.charAt(0)));

/** Whether any rule could be about a path, found out without looking through them: most paths are not. */
function isSuspect(segments: readonly string[]): boolean {
  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index] ?? "";
    // Folding makes no name shorter.
    if (segment.length > LONGEST_NAME || (index > 0 && !ANY_INITIALS.has(segment.charAt(0)))) continue;
    const name = folded(segment);
    if (ANY_NAMES.has(name) || (index === 0 && FIRST_NAMES.has(name))) return true;
  }
  return false;
}

/** The names of all that is always refused. */
export const FIXED_REFUSALS: readonly FixedRefusal[] = [...keysOf(FILES), ...keysOf(PORTS), ...keysOf(NETWORKS)];

function keysOf<Key extends string>(of: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(of) as Key[];
}

interface PathRule {
  readonly name: FixedRefusal;
  readonly rights: readonly Right[];
  readonly segments: readonly Segment[];
}

const PATHS: readonly PathRule[] = keysOf(FILES).flatMap((name) =>
  FILES[name].paths.map((path) => ({ name, rights: FILES[name].rights, segments: parsePathPattern(path) ?? [] })),
);

/** The always-refused list, without what an operator lifted. */
export class FixedRefusals {
  readonly #files = new Map<Right, PatternTrie<FixedRefusal>>();
  readonly #ports = new Map<string, FixedRefusal>();
  readonly #networks: readonly NetworkRefusal[];
  readonly #paths: readonly PathRule[];

  constructor(lifted: ReadonlySet<FixedRefusal>) {
    for (const name of keysOf(FILES).filter((each) => !lifted.has(each))) {
      const { rights, paths } = FILES[name];
      for (const right of rights) for (const path of paths) this.#add(right, path, name);
    }
    for (const name of keysOf(PORTS)) if (!lifted.has(name)) this.#ports.set(PORTS[name], name);
    this.#networks = keysOf(NETWORKS).filter((name) => !lifted.has(name));
    this.#paths = PATHS.filter(({ name }) => !lifted.has(name));
  }

  /** The name under which it is refused. */
  of(request: CompiledRequest): FixedRefusal | undefined {
    const { right, segments, connection } = request;
    if (connection) {
      const host = connection.host;
      const byName = this.#networks.find((name) => NETWORKS[name].hosts.has(host));
      return byName ?? (connection.literal && this.ofAddress(connection.literal));
    }
    if (right === "listen") return this.#ports.get(segments[0] ?? "");
    if (!isSuspect(segments)) return undefined;
    return this.#files.get(right)?.find(segments.map(folded), 0);
  }

  /** The name under which everything is refused that a pattern of paths stands for. */
  ofAll(right: Right, pattern: string): FixedRefusal | undefined {
    const segments = parsePathPattern(folded(pattern));
    if (!segments) return undefined;
    return this.#paths.find((rule) => rule.rights.includes(right) && coversPaths(rule.segments, segments))?.name;
  }

  ofAddress(address: Address): FixedRefusal | undefined {
    if (this.#networks.length === 0) return undefined;
    const readings = readingsOf(address);
    return this.#networks.find((name) =>
      readings.some((reading) => NETWORKS[name].networks.some((each) => isWithin(reading, each))),
    );
  }

  #add(right: Right, pattern: string, name: FixedRefusal): void {
    const trie = this.#files.get(right) ?? new PatternTrie();
    this.#files.set(right, trie);
    const node = trie.at(parsePathPattern(pattern) ?? []);
    if (!node) return;
    node.until = Infinity;
    node.value = name;
  }
}

/** As file systems that do not tell upper from lower case compare names: `ſ` is an `s` there, and the Kelvin sign a `k`. */
function folded(segment: string): string {
  // oxlint-disable-next-line no-control-regex -- All of ASCII.
  return /^[\x00-\x7F]*$/.test(segment) ? segment.toLowerCase() : segment.toUpperCase().toLowerCase();
}
