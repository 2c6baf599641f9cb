import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildComponent, type BuildOptions, type GuestLanguage } from "../src/index.ts";
import * as sources from "./guest-sources.ts";
import { importedInterfaces, runComponent, type ComponentMessage, type HostFunctions } from "./run-component.ts";

const wit = fileURLToPath(new URL("../../../wit/", import.meta.url));
const echo = fileURLToPath(new URL("fixtures/echo.wat", import.meta.url));
const id = { namespace: "shop", name: "twice", version: "1.0.0" };
const config = { id, values: [["greeting", "hello"]] as const };

let folder = "";
let built: Readonly<Record<"wat" | "typescript" | "assemblyscript" | "parrot", string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "airssys-guest-test-"));
  await write("as/actor.ts", sources.assemblyscriptActor);
  await write("as/twice.ts", sources.assemblyscriptTwice);
  await write("as/parrot.ts", sources.assemblyscriptParrot);
  await write("ts/actor.ts", sources.typescriptActor);
  await write("ts/twice.ts", sources.typescriptTwice);
  const [wat, typescript, assemblyscript, parrot] = await Promise.all([
    build("wat", echo, "wat.wasm"),
    build("typescript", at("ts/actor.ts"), "ts.wasm"),
    build("assemblyscript", at("as/actor.ts"), "as.wasm"),
    build("assemblyscript", at("as/parrot.ts"), "parrot.wasm"),
  ]);
  built = { wat, typescript, assemblyscript, parrot };
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("an actor built from WAT", () => {
  it("answers messages and operations, and refuses with an error case", async () => {
    const { lifecycle } = await runComponent(built.wat, {});
    lifecycle.init(config);
    expect(lifecycle.handleMessage(message([7, 8]))).toEqual(Uint8Array.of(7, 8));
    expect(lifecycle.execute(Uint8Array.of(9), {})).toEqual(Uint8Array.of(9));
    expect(thrownBy(() => lifecycle.handleMessage(message([])))).toEqual({
      tag: "invalid-input",
      val: "empty payload",
    });
    expect(lifecycle.metadata()).toMatchObject({ name: "wat-echo", version: "1.0.0", operations: [] });
    expect(lifecycle.health().tag).toBe("healthy");
    lifecycle.shutdown();
  });

  it("imports no function when it uses none", async () => {
    expect(await ownImports(built.wat)).toEqual(["airssys:core-types/types@1.0.0"]);
  });
});

describe.each(["typescript", "assemblyscript"] as const)("an actor built from %s", (language) => {
  it("answers messages, operations and questions about itself", async () => {
    const { lifecycle } = await runComponent(built[language], {});
    lifecycle.init(config);
    expect(lifecycle.handleMessage(message([7, 8]))).toEqual(Uint8Array.of(7, 8, 7, 8));
    expect(lifecycle.execute(Uint8Array.of(9), {})).toEqual(Uint8Array.of(9));
    expect(lifecycle.metadata()).toEqual({
      name: "twice",
      version: "1.0.0",
      description: "dit deux fois « oui »",
      operations: ["same"],
      codecs: Uint32Array.of(0x55),
    });
    expect(lifecycle.health()).toEqual({ tag: "degraded", val: "tired" });
    lifecycle.shutdown();
  });

  it("refuses with an error case and lives on", async () => {
    const { lifecycle } = await runComponent(built[language], {});
    expect(thrownBy(() => lifecycle.init({ id, values: [] }))).toEqual({
      tag: "invalid-config",
      val: "nothing configured",
    });
    expect(thrownBy(() => lifecycle.handleMessage(message([1])))).toEqual({ tag: "invalid-input", val: "no ones" });
    expect(thrownBy(() => lifecycle.execute(new Uint8Array(0), {}))).toEqual({
      tag: "unknown-operation",
      val: "nothing",
    });
    expect(lifecycle.handleMessage(message([5]))).toEqual(Uint8Array.of(5, 5));
  });

  it("sends, and learns why a message was not accepted", async () => {
    const sent: unknown[] = [];
    const send = (to: string, payload: Uint8Array): void => {
      if (payload[0] === 0) throw new ErrorCase("mailbox-full", "full");
      sent.push([to, payload]);
    };
    const { lifecycle } = await runComponent(built[language], { "airssys:core-host/messaging": { send } });
    expect(lifecycle.handleMessage(message([3, 4]))).toBeUndefined();
    expect(sent).toEqual([["shop/next", Uint8Array.of(4)]]);
    expect(thrownBy(() => lifecycle.handleMessage(message([3, 0])))).toEqual({ tag: "failed", val: "mailbox-full" });
  });

  it("traps when its code breaks", async () => {
    const { lifecycle } = await runComponent(built[language], {
      "airssys:core-host/logging": { log: () => undefined },
    });
    expect(thrownBy(() => lifecycle.handleMessage(message([2])))).toBeInstanceOf(Error);
  });
});

describe("a TypeScript actor", () => {
  it("imports only the interfaces that its modules name", async () => {
    expect(await ownImports(built.typescript)).toEqual([
      "airssys:core-types/types@1.0.0",
      "airssys:core-host/messaging@1.0.0",
    ]);
  });
});

describe("an AssemblyScript actor", () => {
  it("says why before it traps", async () => {
    const lines: unknown[] = [];
    const log = (level: string, line: string): unknown => lines.push([level, line]);
    const { lifecycle } = await runComponent(built.assemblyscript, { "airssys:core-host/logging": { log } });
    expect(thrownBy(() => lifecycle.handleMessage(message([2])))).toBeInstanceOf(Error);
    expect(lines).toEqual([["error", expect.stringMatching(/^broken at actor\.ts:\d+:\d+$/)]]);
  });

  it("needs no more memory after many messages than after a few", async () => {
    const { lifecycle, memoryBytes } = await runComponent(built.assemblyscript, {
      "airssys:core-host/messaging": { send: () => undefined },
    });
    const payload = message([3, ...Array.from({ length: 1000 }, (_, index) => index % 256)]);
    const request = message(Array.from({ length: 1000 }, (_, index) => (index % 200) + 10));
    const handle = (times: number): void => {
      for (let left = times; left > 0; left -= 1) lifecycle.handleMessage(left % 2 === 0 ? payload : request);
    };
    handle(5000);
    const before = memoryBytes();
    handle(100_000);
    expect(memoryBytes()).toBe(before);
  });

  it("reads every field of a message", async () => {
    const { lifecycle } = await runComponent(built.parrot, {});
    const sender = { namespace: "shop", name: "till", version: "2.0.0" };
    const timestamp = { seconds: 12n, nanoseconds: 34 };
    const headers = [
      ["a", "1"],
      ["b", "é"],
    ] as const;
    const full = { sender, payload: new Uint8Array(0), topic: "orders.new", correlationId: "c-1", timestamp, headers };
    expect(text(lifecycle.handleMessage(full))).toBe("shop/till@2.0.0 orders.new c-1 12.34 a=1 b=é");
    expect(text(lifecycle.handleMessage(message([])))).toBe("nobody no topic no id 0.0");
  });

  it("reaches every function of the host", async () => {
    const calls: unknown[] = [];
    const noting =
      (answer?: unknown) =>
      (...given: unknown[]): unknown => {
        calls.push(given);
        return answer;
      };
    const host: HostFunctions = {
      "airssys:core-host/messaging": {
        selfId: noting(id),
        request: noting("r-1"),
        publish: noting(3),
        subscribe: noting(),
        unsubscribe: noting(true),
        cancelRequest: noting(false),
      },
      "airssys:core-host/configuration": { get: (key: string) => (key === "colour" ? "blue" : undefined) },
      "airssys:core-host/clock": { now: () => ({ seconds: 5n, nanoseconds: 6 }), monotonic: () => 77n },
      "airssys:core-host/logging": { log: noting() },
    };
    const { lifecycle } = await runComponent(built.parrot, host);
    const output = lifecycle.execute(new Uint8Array(0), { correlationId: "c-2", remainingMillis: 99n });
    expect(text(output)).toBe("shop twice 1.0.0 r-1 3 subscribed true false blue none 5000000006 77 99 c-2");
    expect(calls).toEqual([
      ["info", "executing", []],
      [],
      ["shop/till", new TextEncoder().encode("total?"), 250],
      ["orders.new", new TextEncoder().encode("order")],
      ["orders.*"],
      ["orders.*"],
      ["r-1"],
    ]);
    expect(text(lifecycle.execute(new Uint8Array(0), {}))).toMatch(/for ever no id$/);
  });

  it("learns how a request ended", async () => {
    const { lifecycle } = await runComponent(built.parrot, {});
    const reply = { tag: "ok", val: new TextEncoder().encode("42") } as const;
    const late = { tag: "err", val: { tag: "timeout", val: "too late" } } as const;
    expect(thrownBy(() => lifecycle.handleCallback("r-1", reply))).toEqual({ tag: "failed", val: "r-1: 42" });
    expect(thrownBy(() => lifecycle.handleCallback("r-2", late))).toEqual({
      tag: "unsupported",
      val: "r-2: 6 too late",
    });
  });
});

describe("an output that is there already", () => {
  it("is left alone when nothing changed", async () => {
    const options = optionsFor("wat", echo, "same.wasm");
    const first = await buildComponent(options);
    const second = await buildComponent(options);
    expect([first.built, second.built]).toEqual([true, false]);
    expect(second).toMatchObject({ output: options.output, bytes: first.bytes });
  });

  it("is built again when the source changed", async () => {
    await write("changing.wat", await readFile(echo, "utf8"));
    const options = optionsFor("wat", at("changing.wat"), "changing.wasm");
    await buildComponent(options);
    await write("changing.wat", `;; more\n${await readFile(echo, "utf8")}`);
    expect((await buildComponent(options)).built).toBe(true);
  });

  it("is built again when a file it imports changed", async () => {
    const options = optionsFor("typescript", at("ts/actor.ts"), "ts.wasm");
    expect((await buildComponent(options)).built).toBe(false);
    await write("ts/twice.ts", "export const twice = (payload) => payload.subarray(0, 1);");
    expect((await buildComponent(options)).built).toBe(true);
    const { lifecycle } = await runComponent(built.typescript, {});
    expect(lifecycle.handleMessage(message([7, 8]))).toEqual(Uint8Array.of(7));
  });

  it("is built again when it was damaged, its stamp is lost, or its stamp is cut short", async () => {
    const options = optionsFor("wat", echo, "damaged.wasm");
    await buildComponent(options);
    const good = await readFile(options.output);
    await writeFile(options.output, good.subarray(0, 100));
    expect((await buildComponent(options)).built).toBe(true);
    expect(await readFile(options.output)).toEqual(good);
    const stamp = `${options.output}.stamp.json`;
    await writeFile(stamp, (await readFile(stamp)).subarray(0, 40));
    expect((await buildComponent(options)).built).toBe(true);
    await rm(stamp);
    expect((await buildComponent(options)).built).toBe(true);
    expect((await buildComponent(options)).built).toBe(false);
  });

  it("stays in place when the new source does not compile", async () => {
    await write("breaking.wat", await readFile(echo, "utf8"));
    const options = optionsFor("wat", at("breaking.wat"), "breaking.wasm");
    await buildComponent(options);
    const before = await readFile(options.output);
    await write("breaking.wat", "(module (func $a (local.get $b)))");
    await expect(buildComponent(options)).rejects.toMatchObject({ code: "GUEST_BUILD_FAILED" });
    expect(await readFile(options.output)).toEqual(before);
  });
});

describe("builds of one output at the same time", () => {
  it("all succeed, with the same component and nothing left over", async () => {
    const options = optionsFor("wat", echo, "shared/component.wasm");
    const results = await Promise.all([buildComponent(options), buildComponent(options), buildComponent(options)]);
    expect(new Set(results.map(({ bytes }) => bytes)).size).toBe(1);
    expect((await readdir(at("shared"))).toSorted()).toEqual(["component.wasm", "component.wasm.stamp.json"]);
  });
});

/** How jco takes the error case of an imported function's result. */
class ErrorCase extends Error {
  readonly payload: { readonly tag: string; readonly val: string };

  constructor(tag: string, val: string) {
    super(val);
    this.payload = { tag, val };
  }
}

describe("a build that is killed", () => {
  it("leaves nothing that the next one stumbles over", async () => {
    const options = optionsFor("assemblyscript", at("as/actor.ts"), "killed.wasm");
    const index = new URL("../src/index.ts", import.meta.url).href;
    const program = `import { buildComponent } from ${JSON.stringify(index)};
      console.log("building");
      await buildComponent(${JSON.stringify(options)});`;
    const child = spawn(execPath, ["--input-type=module", "--eval", program], { stdio: ["ignore", "pipe", "ignore"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect((await buildComponent(options)).built).toBe(true);
    const { lifecycle } = await runComponent(options.output, {});
    expect(lifecycle.handleMessage(message([7]))).toEqual(Uint8Array.of(7, 7));
  });
});

async function build(language: GuestLanguage, source: string, output: string): Promise<string> {
  return (await buildComponent(optionsFor(language, source, output))).output;
}

function optionsFor(
  language: GuestLanguage,
  source: string,
  output: string,
): BuildOptions & { readonly output: string } {
  return { language, source, wit, world: "actor", output: at(output) };
}

function at(path: string): string {
  return join(folder, path);
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), content);
}

function message(payload: readonly number[]): ComponentMessage {
  return { payload: Uint8Array.from(payload), timestamp: { seconds: 0n, nanoseconds: 0 }, headers: [] };
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

/** Error cases are thrown as they are, traps as errors. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

async function ownImports(component: string): Promise<readonly string[]> {
  return (await importedInterfaces(await readFile(component))).filter((name) => name.startsWith("airssys:"));
}
