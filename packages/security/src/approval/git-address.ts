import { type CapabilityPattern } from "../capability/capability-pattern.ts";
import { ANY, literal, REST, type Segment } from "../capability/segment.ts";

const HOST = "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?";
const PART = "(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+";
const ADDRESS = new RegExp(`^(https|ssh)://(?:git@)?(${HOST})/(${PART}(?:/${PART})*)$`);
const PATTERN = new RegExp(`^(https|ssh)://(?:git@)?(${HOST})/((?:${PART}|\\*)(?:/(?:${PART}|\\*))*(?:/\\*\\*)?)$`);

/**
 * A pattern of Git addresses: `*` stands for one part of the path, a final `**` for all that remain. Neither stands for a host, so
 * that each host that is trusted is written down. Undefined for what is none.
 */
export function parseGitPattern(text: string): CapabilityPattern["segments"] | undefined {
  const [, scheme = "", host = "", path = ""] = PATTERN.exec(text) ?? [];
  if (scheme === "") return undefined;
  const parts = withoutSuffix(path).split("/");
  return [
    literal(scheme),
    literal(host),
    ...parts.map((part): Segment => (part === "*" ? ANY : part === "**" ? REST : literal(part))),
  ];
}

/** The parts of an address. Undefined for one that could be read in two ways: with a password, a port, an encoded or relative part. */
export function parseGitAddress(text: string): readonly Segment[] | undefined {
  const [, scheme = "", host = "", path = ""] = ADDRESS.exec(text) ?? [];
  return scheme === "" ? undefined : [scheme, host, ...withoutSuffix(path).split("/")].map(literal);
}

function withoutSuffix(path: string): string {
  return path.endsWith(".git") && !path.endsWith("/.git") ? path.slice(0, -4) : path;
}
