/// <reference types="@airssys/guest/actor" />
// The classifier: says of each record what kind of request it was and what is odd about it, and sends it on.
//
// In:  the parser's CBOR array [client, time, method, path, protocol, status, bytes, referrer, agent]
// Out: the same with two more items: kind, and a list of anomalies
//
// kind                the first that holds
//   bot               the user agent has one of `botWords` in it, in any case
//   api               the path is /api or below it
//   asset             the path, without its query, ends in one of `assetExtensions`
//   page              everything else
// anomaly             all that hold
//   server-error      status 500 to 599
//   oversized-response  more than 10,000,000 bytes
//   path-traversal    the path has ../ or /.. at its end, also when percent-encoded
//   sql-injection     the path looks like `sqlPattern`
//   scanner           the path has one of `scannerPaths` in it
//
// QuickJS is quick at strings and slow at loops over bytes: what can be is done on strings, what was found out about a
// path or an agent is remembered, and the record itself is copied, not decoded.
import { send } from "airssys:core-host/messaging@1.0.0";

const botWords = [
  "bot",
  "crawl",
  "spider",
  "slurp",
  "curl",
  "wget",
  "python",
  "java/",
  "go-http-client",
  "scanner",
  "monitor",
];
const assetExtensions = new Set(
  "css js mjs map png jpg jpeg gif svg ico webp avif woff woff2 ttf eot otf mp3 mp4 webm pdf zip gz".split(" "),
);
const scannerPaths = [
  "/wp-login.php",
  "/wp-admin",
  "/xmlrpc.php",
  "/.env",
  "/.git/",
  "/phpmyadmin",
  "/cgi-bin/",
  "/boaform",
  "/hnap1",
];
const traversals = ["../", "..%2f", "%2e%2e"];
const gap = String.raw`(?:\s|\+|%20)`;
const sqlPattern = new RegExp(
  `union${gap}+(?:all${gap}+)?select|(?:'|%27)${gap}*(?:or|and)${gap}|;${gap}*drop${gap}+table|information_schema|sleep\\(`,
);

/** A verdict is a number: a bit for each anomaly, and above them the kind. */
const anomalies = ["server-error", "oversized-response", "path-traversal", "sql-injection", "scanner"];
const [serverError, oversized, traversal, sqlInjection, scanner] = [1, 2, 4, 8, 16];
const kinds = ["bot", "api", "asset", "page"];
const [bot, api, asset, page] = [0 << 5, 1 << 5, 2 << 5, 3 << 5];
const kindShift = 5;
const anomalyMask = 31;

const oversizedBytes = 10_000_000;
const codecCbor = 0x51;
const arrayOfNine = 0x89;
const arrayOfEleven = 0x8b;

let next = "";

/** Remembers answers for short texts, which repeat; forgets all of them when there are too many. */
class Memory<Answer> {
  readonly #answers = new Map<string, Answer>();
  readonly #ask: (text: string) => Answer;

  constructor(ask: (text: string) => Answer) {
    this.#ask = ask;
  }

  about(text: string): Answer {
    const known = this.#answers.get(text);
    if (known !== undefined) return known;
    const answer = this.#ask(text);
    if (text.length <= 256) {
      if (this.#answers.size >= 1000) this.#answers.clear();
      this.#answers.set(text, answer);
    }
    return answer;
  }
}

const agentIsBot = new Memory((agent: string): boolean => {
  const lower = agent.toLowerCase();
  return botWords.some((word) => lower.includes(word));
});

const pathVerdict = new Memory((path: string): number => {
  const lower = path.toLowerCase();
  const hasTraversal = traversals.some((mark) => lower.includes(mark)) || lower.endsWith("/..");
  return (
    kindOfPath(lower) |
    (hasTraversal ? traversal : 0) |
    (sqlPattern.test(lower) ? sqlInjection : 0) |
    (scannerPaths.some((mark) => lower.includes(mark)) ? scanner : 0)
  );
});

function kindOfPath(lower: string): number {
  const query = lower.indexOf("?");
  const plain = query === -1 ? lower : lower.slice(0, query);
  if (plain === "/api" || plain.startsWith("/api/")) return api;
  const dot = plain.lastIndexOf(".");
  return dot > plain.lastIndexOf("/") && assetExtensions.has(plain.slice(dot + 1)) ? asset : page;
}

/** The two further items of a verdict, encoded; there are few verdicts, so each is encoded once. */
const tails: (Uint8Array | undefined)[] = [];

function tailOf(verdict: number): Uint8Array {
  return (tails[verdict] ??= encodeTail(verdict));
}

function encodeTail(verdict: number): Uint8Array {
  const found = anomalies.filter((_, bit) => (verdict & (1 << bit)) !== 0);
  const bytes = [
    ...encodeText(kinds[verdict >> kindShift] ?? "page"),
    0x80 | found.length,
    ...found.flatMap(encodeText),
  ];
  return Uint8Array.from(bytes);
}

/** ASCII of fewer than 24 characters, which is what all our words are. */
function encodeText(word: string): number[] {
  return [0x60 | word.length, ...Array.from(word, (letter) => letter.charCodeAt(0))];
}

// Where the reader is in the record at hand.
let record: Uint8Array = new Uint8Array(0);
let at = 0;

/** The value in the head of the item at `at`: a number, or the length of the text that follows. */
function readHead(): number {
  const low = record[at++] & 0x1f;
  if (low < 24) return low;
  let value = record[at++];
  for (let left = (1 << (low - 24)) - 1; left > 0; left--) value = value * 256 + record[at++];
  return value;
}

function skipText(): void {
  const length = readHead();
  at += length;
}

/** A text, each byte as the character of that number. */
function readText(): string {
  const length = readHead();
  const start = at;
  at += length;
  if (length <= chunkLength) return charactersOf(start, at);
  let text = "";
  for (let from = start; from < at; from += chunkLength) text += charactersOf(from, Math.min(from + chunkLength, at));
  return text;
}

/** A call takes only so many arguments. */
const chunkLength = 1024;

function charactersOf(from: number, to: number): string {
  return Reflect.apply(String.fromCharCode, undefined, record.subarray(from, to));
}

function classify(): number {
  at = 2;
  skipText(); // client
  readHead(); // time
  skipText(); // method
  const path = readText();
  skipText(); // protocol
  const status = readHead();
  const bytes = readHead();
  skipText(); // referrer
  const agent = readText();
  let verdict = pathVerdict.about(path);
  if (agentIsBot.about(agent)) verdict = (verdict & anomalyMask) | bot;
  if (status >= 500 && status <= 599) verdict |= serverError;
  if (bytes > oversizedBytes) verdict |= oversized;
  return verdict;
}

interface ComponentMessage {
  readonly payload: Uint8Array;
}

interface ComponentConfig {
  readonly values: readonly (readonly [key: string, value: string])[];
}

export const componentLifecycle = {
  init(config: ComponentConfig): void {
    const value = config.values.find(([key]) => key === "next")?.[1];
    if (value === undefined) throw { tag: "invalid-config", val: "`next` in [config] does not name a component" };
    next = value;
  },

  handleMessage({ payload }: ComponentMessage): null {
    if (payload[0] !== codecCbor || payload[1] !== arrayOfNine) {
      throw { tag: "invalid-input", val: "the payload is not a record of nine items in cbor" };
    }
    record = payload;
    const tail = tailOf(classify());
    const classified = new Uint8Array(payload.length + tail.length);
    classified.set(payload);
    classified[1] = arrayOfEleven;
    classified.set(tail, payload.length);
    try {
      send(next, classified);
    } catch (error) {
      throw { tag: "failed", val: `${next} did not take it: ${(error as SendFailure).payload.val}` };
    }
    return null;
  },

  execute(): never {
    throw { tag: "unknown-operation", val: "the classifier has no operations" };
  },

  handleCallback(): void {},

  metadata() {
    return {
      name: "classify",
      version: "1.0.0",
      description: "Tells people from bots and the ordinary from the odd",
      operations: [],
      codecs: [codecCbor],
    };
  },

  health() {
    return { tag: "healthy" };
  },

  shutdown(): void {},
};

/** What an imported function that refuses throws. */
interface SendFailure {
  readonly payload: { readonly tag: string; readonly val: string };
}
