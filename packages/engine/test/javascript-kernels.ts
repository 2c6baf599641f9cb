import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { componentize } from "componentize-qjs";
import { starlingMonkeyComponent } from "./starling-monkey.ts";

/*
 * Work for the JavaScript engine inside a guest, each kernel leaning on another part of it. All are deterministic and answer with
 * text that depends on everything they did.
 */
const SOURCE = `
const kernels = {
  recursion: (n) => { const fib = (k) => (k < 2 ? k : fib(k - 1) + fib(k - 2)); return fib(n % 25); },
  objects: (n) => {
    const people = Array.from({ length: n }, (_, i) => ({ id: (i * 7919) % n, name: "p" + i, tags: [i % 3, i % 5] }));
    people.sort((a, b) => a.id - b.id || (a.name < b.name ? -1 : 1));
    return JSON.stringify(JSON.parse(JSON.stringify(people.slice(0, 50)))).length + people.length;
  },
  text: (n) => {
    let text = "";
    for (let i = 0; i < n; i += 1) text += String.fromCharCode(97 + ((i * 31) % 26));
    return text.replace(/[aeiou]+/g, (m) => m.toUpperCase()).split("E").length;
  },
  numbers: (n) => {
    const bytes = new Uint8Array(n + 2), primes = [];
    for (let i = 2; i <= n; i += 1) { if (bytes[i]) continue; primes.push(i); for (let j = i * 2; j <= n; j += i) bytes[j] = 1; }
    return primes.reduce((sum, p) => (sum * 31 + p) >>> 0, 7) + Math.sqrt(n).toFixed(6);
  },
  failures: (n) => {
    let caught = 0;
    for (let i = 0; i < n; i += 1) { try { if (i % 3 === 0) throw new Error("no " + i); else null.x; } catch (e) { caught += e.message.length; } }
    return caught;
  },
  collections: (n) => {
    const map = new Map();
    for (let i = 0; i < n; i += 1) map.set("k" + (i % 97), (map.get("k" + (i % 97)) ?? 0n) + BigInt(i));
    return [...map.values()].reduce((a, b) => a ^ b, 0n);
  },
};
export const work = { run(name, n) { return String(kernels[name](n)); } };
`;

const WIT =
  "package test:kernels@1.0.0;\ninterface work { run: func(name: string, n: u32) -> string; }\nworld guest { export work; }\n";

/** The engines that there are as guests. */
export type JavaScriptEngine = "quickjs" | "starlingmonkey";

/** The component that has an engine run the kernels. */
export const javascriptKernels = (engine: JavaScriptEngine): Promise<Uint8Array> =>
  engine === "quickjs" ? quickjsKernels() : starlingMonkeyComponent(SOURCE, WIT);

/** The function of the guest: `(name of a kernel, size) -> text`. */
export const RUN = "test:kernels/work@1.0.0#run";

/** The kernels, each with a size that takes a JavaScript engine in a guest some milliseconds. */
export const JAVASCRIPT_KERNELS: Readonly<Record<string, number>> = {
  recursion: 18,
  objects: 1_500,
  text: 12_000,
  numbers: 20_000,
  failures: 3_000,
  collections: 8_000,
};

/** The component that has QuickJS run the kernels. */
async function quickjsKernels(): Promise<Uint8Array> {
  const directory = mkdtempSync(join(tmpdir(), "airssys-kernels-"));
  try {
    writeFileSync(join(directory, "guest.wit"), WIT);
    const { component } = await componentize({ witPath: directory, jsSource: SOURCE, sync: true });
    return component;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
