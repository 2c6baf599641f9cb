import { type Address, formatAddress, parseAddress } from "./network-address.ts";
import { ANY, literal, type Segment } from "./segment.ts";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const PORT = "(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])";
/** A name's last label has a letter: without one it would be read as an address. */
const NAME = `(?:${LABEL}\\.)*(?=[a-z0-9-]*[a-z])(?!0x[\\da-f]*(?::|$))${LABEL}`;
const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d{2}|[1-9]?\\d)";
const IPV4 = `${BYTE}(?:\\.${BYTE}){3}`;
const IPV6 = "\\[[\\da-f:]{2,39}\\]";

/** `host:port`: a name, `*.` and a name of at least two labels, or an address. The last `*.` stands for one label. */
export const TARGET_PATTERN: RegExp = new RegExp(
  `^(?:\\*\\.(?:${LABEL}\\.)+(?=[a-z0-9-]*[a-z])(?!0x[\\da-f]*:)${LABEL}|${NAME}|${IPV4}|${IPV6}):${PORT}$`,
);

export const LONGEST_TARGET = 260;
const WHOLE_PORT = new RegExp(`^${PORT}$`);
const BEYOND_ASCII = /[^!-~]/;
const HEXADECIMAL = /^0x[\da-f]*$/;

export interface Target {
  /** The port, and then the labels from the last to the first, or the address. */
  readonly segments: readonly string[];
  /** Where the host is given as an address. */
  readonly address: Address | undefined;
  readonly host: string;
  readonly port: string;
}

/** The segments of a pattern; undefined for what is none. */
export function parseTargetPattern(pattern: string): readonly Segment[] | undefined {
  if (pattern.length > LONGEST_TARGET || !TARGET_PATTERN.test(pattern)) return undefined;
  const target = parseTarget(pattern.replace(/^\*\./, "wildcard."));
  if (typeof target === "string") return undefined;
  const isOpen = pattern.startsWith("*.");
  const segments = target.segments.map(literal);
  return isOpen ? [...segments.slice(0, -1), ANY] : segments;
}

/** What a component asks to connect to, or why it is nothing that could be compared. */
export function parseTarget(text: string): Target | string {
  if (text.length > LONGEST_TARGET) return `longer than ${LONGEST_TARGET} characters`;
  const colon = text.lastIndexOf(":");
  const port = text.slice(colon + 1);
  if (colon < 1 || !WHOLE_PORT.test(port)) return "not host:port";
  const written = text.slice(0, colon);
  // Letters beyond ASCII first: some of them are ASCII in lower case.
  if (BEYOND_ASCII.test(written)) return "with a host that is no ASCII domain name";
  const host = written.toLowerCase();
  const labels = labelsOf(host, port);
  if (labels) return { segments: labels, address: undefined, host, port };
  const address = parseAddress(written);
  if (address === undefined) return "with a host that is no ASCII domain name";
  // Without brackets the port could be one more group of the address.
  if (address === "unclear" || (written.includes(":") && !written.startsWith("["))) return "with an unclear address";
  return { segments: segmentsOfAddress(address, port), address, host: formatAddress(address), port };
}

const DOT = 0x2e;
const HYPHEN = 0x2d;

/** The port and then the labels of a domain name, from the last to the first; undefined for what is no such name. */
function labelsOf(host: string, port: string): readonly string[] | undefined {
  const segments = [port];
  let end = host.length;
  let hasLetter = false;
  for (let at = host.length - 1; at >= -1; at -= 1) {
    const code = at < 0 ? DOT : host.charCodeAt(at);
    if (code === DOT) {
      const length = end - at - 1;
      if (length < 1 || length > 63) return undefined;
      if (host.charCodeAt(at + 1) === HYPHEN || host.charCodeAt(end - 1) === HYPHEN) return undefined;
      const label = host.slice(at + 1, end);
      // A last label without a letter would be read as a number, and so would a hexadecimal one.
      if (segments.length === 1 && (!hasLetter || (label.startsWith("0x") && HEXADECIMAL.test(label))))
        return undefined;
      segments.push(label);
      end = at;
    } else if (code >= 0x61 && code <= 0x7a) {
      hasLetter = true;
    } else if (code !== HYPHEN && (code < 0x30 || code > 0x39)) {
      return undefined;
    }
  }
  return segments;
}

/** As {@link Target.segments}, for an address. No label has a bracket or is all of one. */
export function segmentsOfAddress(address: Address, port: string): readonly string[] {
  return [port, `[${formatAddress(address)}]`];
}
