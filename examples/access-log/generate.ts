// Writes an access log that nobody's server wrote: the same seed gives the same bytes.
//   node generate.ts [lines] [seed] > sample.log
import { argv, stdout } from "node:process";

export interface GenerateOptions {
  readonly lines: number;
  readonly seed: number;
}

const defaults: GenerateOptions = { lines: 20_000, seed: 42 };

/** One line in this many is malformed; one in five of those has a month that makes the parser trap. */
const malformedEvery = 1000;

const pages = [
  "/",
  "/about",
  "/pricing",
  "/blog",
  "/docs",
  "/contact",
  "/login",
  "/search?q=actors",
  "/blog/supervision",
];
const assets = [
  "/static/app.js",
  "/static/app.css",
  "/img/logo.svg",
  "/img/hero.webp",
  "/favicon.ico",
  "/fonts/inter.woff2",
];
const apis = ["/api/users", "/api/orders?page=2", "/api/health", "/api/cart", "/api/search?q=%C3%A9t%C3%A9"];
const attacks = [
  "/wp-login.php",
  "/.env",
  "/static/../../etc/passwd",
  "/download?file=%2e%2e%2fsecret",
  "/item?id=1'+or+1=1",
  "/item?id=1+UNION+SELECT+password",
];
const browsers = [
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
  String.raw`Mozilla/5.0 (Linux; Android 15; \"Pixel 9\") AppleWebKit/537.36 Mobile Safari/537.36`,
  "-",
];
const bots = [
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
  "curl/8.11.0",
  "python-requests/2.32.3",
];
const referrers = ["-", "-", "https://example.com/", "https://search.example/?q=log", "https://example.org/a\\\\b"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const firstSecond = Date.UTC(2026, 0, 12, 8, 0, 0) / 1000;

/** The log as bytes; every line ends in LF. */
export function generateLog(options: Partial<GenerateOptions> = {}): Uint8Array {
  const { lines, seed } = { ...defaults, ...options };
  const random = new Random(seed);
  const log = Array.from({ length: lines }, (_, index) => lineAt(index, random));
  return new TextEncoder().encode(log.map((line) => `${line}\n`).join(""));
}

function lineAt(index: number, random: Random): string {
  const time = timeText(firstSecond + Math.floor(index / 7));
  const well = wellFormed(time, random);
  return index % malformedEvery === malformedEvery - 1
    ? malformed(Math.floor(index / malformedEvery), well, time)
    : well;
}

function wellFormed(time: string, random: Random): string {
  const isBot = random.chance(0.12);
  const isAttack = random.chance(0.01);
  const path = isAttack ? random.pick(attacks) : ordinaryPath(random);
  const method = path.startsWith("/api/") && random.chance(0.3) ? random.pick(["POST", "PUT", "DELETE"]) : "GET";
  const status = isAttack ? random.pick([400, 403, 404]) : ordinaryStatus(random);
  const isEmpty = status === 304 || status === 204 || method === "DELETE";
  const size = isEmpty ? "-" : String(random.chance(0.0005) ? 25_000_000 : random.below(60_000));
  const request = random.chance(0.002) ? "-" : `${method} ${path} HTTP/${random.chance(0.6) ? "2.0" : "1.1"}`;
  const agent = isBot ? random.pick(bots) : random.pick(browsers);
  const user = random.chance(0.02) ? "alice" : "-";
  return `${client(random)} - ${user} [${time}] "${request}" ${status} ${size} "${random.pick(referrers)}" "${agent}"`;
}

function ordinaryPath(random: Random): string {
  if (random.chance(0.35)) return random.pick(assets);
  if (random.chance(0.3)) return random.pick(apis);
  if (random.chance(0.2)) return `/product/${random.skewed(800)}`;
  return random.chance(0.03) ? "/menü" : (pages[random.skewed(pages.length)] ?? "/");
}

function ordinaryStatus(random: Random): number {
  if (random.chance(0.88)) return 200;
  return random.pick([204, 301, 302, 304, 304, 404, 404, 404, 500, 503]);
}

function client(random: Random): string {
  const host = random.skewed(400);
  if (random.chance(0.15)) return `2001:db8:${host.toString(16)}::${(host % 7) + 1}`;
  return `192.0.${host >> 8}.${host & 0xff}`;
}

function malformed(count: number, well: string, time: string): string {
  const broken = [
    () => well.replace(time, time.replace(/\/\w{3}\//, "/Foo/")),
    () => well.slice(0, Math.floor(well.length / 2)),
    () => well.replace(/" \d{3} /, '" OK '),
    () => `${well} trailing text`,
    () => "-- log rotated --",
  ];
  return (broken[count % broken.length] ?? (() => ""))();
}

function timeText(second: number): string {
  const date = new Date(second * 1000);
  const [day, hour, minute, seconds] = [
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ].map((part) => String(part).padStart(2, "0"));
  return `${day}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${hour}:${minute}:${seconds} +0000`;
}

/** Mulberry32: small, quick, and the same everywhere. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }

  /** Small numbers far more often than large ones. */
  skewed(limit: number): number {
    return Math.floor((this.below(limit) * this.below(limit)) / limit);
  }

  pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("there is nothing to pick from");
    return item;
  }
}

if (import.meta.main) {
  const [lines = defaults.lines, seed = defaults.seed] = argv.slice(2).map(Number);
  stdout.write(generateLog({ lines, seed }));
}
