import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { buildComponent, ToolchainMissingError, type BuiltComponent } from "../src/index.ts";
import { importedInterfaces, loadComponent, type HostFunctions, type RunningComponent } from "./run-component.ts";

type Language = "c" | "rust";

const sources = { c: "parrot.c", rust: "parrot.rs" } as const;
const folder = await mkdtemp(join(tmpdir(), "airssys-native-test-"));
const id = { namespace: "shop", name: "parrot", version: "1.0.0" };

function build(language: Language, source: string, world = "actor"): Promise<BuiltComponent> {
  return buildComponent({ language, source, world, output: join(folder, `${language}-${world}.wasm`) });
}

async function built(language: Language): Promise<string | undefined> {
  const source = fileURLToPath(new URL(`fixtures/${sources[language]}`, import.meta.url));
  try {
    return (await build(language, source, "stateful-actor")).output;
  } catch (error) {
    // Without its compiler a language is left out of the tests.
    if (error instanceof ToolchainMissingError) return undefined;
    throw error;
  }
}

const components = { c: await built("c"), rust: await built("rust") };

afterAll(() => rm(folder, { recursive: true }));

afterEach(() => vi.unstubAllEnvs());

/** How jco takes the error case of an imported function's result. */
class ErrorCase extends Error {
  readonly payload: { readonly tag: string; readonly val: string };

  constructor(tag: string, val: string) {
    super(val);
    this.payload = { tag, val };
  }
}

/** Answers for every function there is, and refuses where the name says so. */
function host(calls: unknown[] = []): HostFunctions {
  const noting =
    (answer?: unknown) =>
    (...given: unknown[]): unknown => {
      calls.push(given);
      return answer;
    };
  const refusing =
    (tag: string, answer?: unknown) =>
    (...given: unknown[]): unknown => {
      calls.push(given);
      if (given.some((one) => one === "bad" || one === "shop/nobody")) throw new ErrorCase(tag, "no");
      return answer;
    };
  const entry = {
    id,
    description: "tills",
    operations: ["add", "sum"],
    codecs: Uint32Array.of(85, 512),
    isRunning: true,
  };
  return {
    "airssys:core-host/logging": { log: noting() },
    "airssys:core-host/clock": {
      now: () => ({ seconds: 5n, nanoseconds: 6 }),
      monotonic: () => 77n,
      sleepMillis: noting(),
    },
    "airssys:core-host/messaging": {
      selfId: () => id,
      send: refusing("not-permitted"),
      request: noting("r-1"),
      deferReply: () => "t-1",
      reply: noting(),
      cancelRequest: () => true,
      publish: noting(3),
      subscribe: noting(),
      unsubscribe: () => true,
    },
    "airssys:core-host/configuration": { get: (key: string) => (key === "colour" ? "blue" : undefined) },
    "airssys:core-host/directory": {
      listComponents: () => [id, { ...id, name: "till" }],
      getComponentMetadata: (name: string) => (name === "shop/till" ? entry : undefined),
    },
    "airssys:core-host/storage": {
      get: (_space: string, key: string) => {
        if (key === "bad") throw new ErrorCase("invalid-key", "no");
        return key === "k" ? { value: new TextEncoder().encode("v"), version: 7n } : undefined;
      },
      set: refusing("quota-exceeded"),
      delete: () => true,
      exists: () => false,
      compareAndSet: (...given: unknown[]) => {
        calls.push(given);
        return given[3] === 7n;
      },
      apply: noting(),
      listKeys: (_space: string, _prefix: string, cursor: string | undefined) =>
        cursor === undefined ? { keys: ["k1", "k2"], cursor: "k2" } : { keys: [], cursor: undefined },
      usage: (space: string) => {
        if (space === "bad") throw new ErrorCase("unavailable", "no");
        return { keys: 1n, bytes: 2n, quotaBytes: 2n ** 40n };
      },
    },
    "airssys:core-host/metrics": { counter: noting(), gauge: noting(), histogram: noting() },
    "airssys:core-capabilities/introspection": {
      granted: () => ({
        files: [{ action: "write", paths: ["/a", "/b"] }],
        outbound: ["c:1"],
        inbound: Uint16Array.of(80, 443),
        storage: ["orders"],
        messaging: [{ action: "subscribe", patterns: ["a.#"] }],
        programs: ["/bin/true"],
        environment: ["HOME"],
      }),
      check: (permission: unknown) => {
        calls.push([permission]);
        return { tag: "denied", val: "no" };
      },
    },
  };
}

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value);

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe.each(["c", "rust"] as const)("an actor in %s", (language) => {
  describe.skipIf(components[language] === undefined)("with every function of the world", () => {
    let run: (functions: HostFunctions) => RunningComponent;

    beforeAll(async () => {
      run = await loadComponent(components[language] ?? "");
    });

    it("reads every field of a message, and replies", () => {
      const { lifecycle } = run(host());
      lifecycle.init({ id, values: [["greeting", "hello"]] });
      const sender = { namespace: "shop", name: "till", version: "2.0.0" };
      const timestamp = { seconds: 12n, nanoseconds: 34 };
      const headers = [
        ["a", "1"],
        ["b", "é"],
      ] as const;
      const payload = Uint8Array.of(0x80, 4, 0x31);
      const full = { sender, payload, topic: "orders.new", correlationId: "c-1", timestamp, headers };
      expect(text(lifecycle.handleMessage(full))).toBe("shop/till@2.0.0 orders.new c-1 12.34 a=1 b=é 200:1");
      const bare = { payload: Uint8Array.of(0x55, 0x32), timestamp: { seconds: 0n, nanoseconds: 0 }, headers: [] };
      expect(text(lifecycle.handleMessage(bare))).toBe("nobody no topic no id 0.0 55:2");
      expect(text(lifecycle.handleMessage({ ...bare, payload: new Uint8Array() }))).toBe(
        "nobody no topic no id 0.0 0:",
      );
      expect(lifecycle.handleMessage({ ...bare, payload: Uint8Array.of(3) })).toBeUndefined();
    });

    it("refuses with an error case and lives on", () => {
      const { lifecycle } = run(host());
      expect(thrownBy(() => lifecycle.init({ id, values: [] }))).toEqual({
        tag: "invalid-config",
        val: "nothing configured",
      });
      lifecycle.init({ id, values: [["greeting", "hello"]] });
      const ones = { payload: Uint8Array.of(1), timestamp: { seconds: 0n, nanoseconds: 0 }, headers: [] };
      expect(thrownBy(() => lifecycle.handleMessage(ones))).toEqual({ tag: "invalid-input", val: "no ones" });
      expect(thrownBy(() => lifecycle.execute(new Uint8Array(), {}))).toEqual({
        tag: "unknown-operation",
        val: "nothing",
      });
      expect(thrownBy(() => lifecycle.shutdown())).toEqual({ tag: "failed", val: "not yet" });
    });

    it("says what it is and how it is", () => {
      const { lifecycle } = run(host());
      lifecycle.init({ id, values: [["greeting", "hello"]] });
      expect(lifecycle.metadata()).toEqual({
        name: "parrot",
        version: "0.1.0",
        description: "répète « tout »",
        operations: ["one", "two"],
        codecs: Uint32Array.of(0x55, 0x0200),
      });
      expect(lifecycle.health()).toEqual({ tag: "degraded", val: "tired" });
    });

    it("learns how a request ended", () => {
      const { lifecycle } = run(host());
      lifecycle.init({ id, values: [["greeting", "hello"]] });
      const reply = { tag: "ok", val: utf8("42") } as const;
      const late = { tag: "err", val: { tag: "timeout", val: "too late" } } as const;
      expect(thrownBy(() => lifecycle.handleCallback("r-1", reply))).toEqual({ tag: "failed", val: "r-1: 42" });
      expect(thrownBy(() => lifecycle.handleCallback("r-2", late))).toEqual({
        tag: "unsupported",
        val: "r-2: 6 too late",
      });
    });

    it("reaches every function of the host", () => {
      const calls: unknown[] = [];
      const { lifecycle } = run(host(calls));
      lifecycle.init({ id, values: [["greeting", "hello"]] });
      const told = text(lifecycle.execute(utf8("all"), { correlationId: "c-2", remainingMillis: 99n })).split("\n");
      expect(told).toEqual([
        "5.6 77",
        "shop/parrot@1.0.0 ok 1:no ok r-1 ok ok ok 1 ok 3 ok 1",
        "blue none",
        "shop/parrot@1.0.0 shop/till@1.0.0 shop/parrot@1.0.0 tills add,sum, 85 512 1 0",
        "ok 1 v@7 ok 0 1:no ok 3:no ok 1 ok 0 ok 1 ok 0 ok ok k1,k2, 1 ok  0 ok 1 2 1099511627776 4:no ",
        "1:/a,/b,c:1,80,443,orders,2:a.#,/bin/true,HOME, no no no no no no no",
        "c-2 99",
      ]);
      expect(calls).toEqual([
        ["info", "executing", [["a", "1"]]],
        [20],
        ["shop/next", utf8("Uorder")],
        ["shop/nobody", utf8("Uorder")],
        ["shop/till", Uint8Array.of(0x80, 4, 0x31), 250],
        ["t-1", { tag: "ok", val: utf8("Ulate") }],
        ["t-1", { tag: "err", val: { tag: "failed", val: "later still" } }],
        ["orders.new", utf8("Uorder")],
        ["orders.*"],
        ["orders", "k", utf8("v")],
        ["orders", "bad", utf8("v")],
        ["orders", "k", utf8("v"), 7n],
        ["orders", "k", utf8("v"), undefined],
        [
          "orders",
          [
            { tag: "set", val: ["k", utf8("v")] },
            { tag: "delete", val: "old" },
          ],
        ],
        [{ tag: "file", val: ["delete", "/tmp/a"] }],
        [{ tag: "connect", val: "a.b:1" }],
        [{ tag: "listen", val: 8080 }],
        [{ tag: "storage", val: "orders" }],
        [{ tag: "messaging", val: ["subscribe", "a.#"] }],
        [{ tag: "spawn", val: "/bin/true" }],
        [{ tag: "environment", val: "HOME" }],
        ["served", [["a", "1"]], 2],
        ["depth", [], 1.5],
        ["took", [], 30],
      ]);
      expect(text(lifecycle.execute(utf8("all"), {}))).toMatch(/no id for ever$/);
    });

    it("hands on its state", () => {
      const { lifecycle, state } = run(host());
      lifecycle.init({ id, values: [["greeting", "hello"]] });
      expect(text(state?.snapshot())).toBe("all I know");
      expect(thrownBy(() => state?.restore(utf8("some"), "0.9.0"))).toEqual({
        tag: "invalid-input",
        val: "some of 0.9.0",
      });
    });

    it("says why before it traps", () => {
      const lines: unknown[] = [];
      const log = (level: string, line: string): unknown => lines.push([level, line]);
      const { lifecycle } = run({ ...host(), "airssys:core-host/logging": { log } });
      lifecycle.init({ id, values: [["greeting", "hello"]] });
      const message = { payload: Uint8Array.of(2), timestamp: { seconds: 0n, nanoseconds: 0 }, headers: [] };
      expect(thrownBy(() => lifecycle.handleMessage(message))).toBeInstanceOf(Error);
      expect(lines).toEqual([[expect.stringMatching(/^(warn|error)$/), expect.stringContaining("broken at 2")]]);
    });

    it("needs no more memory after many messages than after a few", () => {
      const { lifecycle, memoryBytes } = run(host());
      lifecycle.init({ id, values: [["greeting", "hello"]] });
      const payload = Uint8Array.from({ length: 1000 }, (_, index) => (index % 200) + 10);
      const message = {
        payload,
        topic: "a.b",
        timestamp: { seconds: 0n, nanoseconds: 0 },
        headers: [["a", "b"]],
      } as const;
      const handle = (times: number): void => {
        for (let left = times; left > 0; left -= 1) {
          lifecycle.handleMessage(message);
          if (left % 100 === 0) lifecycle.execute(utf8("all"), { correlationId: "c" });
        }
      };
      handle(2000);
      const before = memoryBytes();
      handle(20_000);
      expect(memoryBytes()).toBe(before);
    });

    it("imports nothing of WASI", async () => {
      const imports = await importedInterfaces(await readFile(components[language] ?? ""));
      expect(imports.filter((name) => !name.startsWith("airssys:"))).toEqual([]);
    });
  });

  describe.skipIf(components[language] === undefined)("that is built", () => {
    const extension = { c: "c", rust: "rs" }[language];

    it.each(["-o stolen", "@options", "a$b#c d"])("may have any name, such as %s", async (name) => {
      const [source, part] = [
        join(folder, `${name}.${extension}`),
        join(folder, language === "c" ? `part ${name}.h` : `part ${name}.rs`),
      ];
      await writeFile(source, language === "c" ? named.c(name) : named.rust(name));
      await writeFile(part, parts[language]("one"));
      expect((await build(language, source)).built).toBe(true);
      expect((await build(language, source)).built).toBe(false);
      await writeFile(part, parts[language]("two"));
      expect((await build(language, source)).built).toBe(true);
    });

    it("is built by a compiler that PATH has relative to here", async () => {
      const paths = (process.env["PATH"] ?? "").split(delimiter).map((path) => relative(process.cwd(), path));
      vi.stubEnv("PATH", paths.join(delimiter));
      const source = join(folder, `elsewhere.${extension}`);
      await writeFile(source, wholes[language]);
      await writeFile(join(folder, language === "c" ? "part.h" : "part.rs"), parts[language]("one"));
      expect((await build(language, source)).built).toBe(true);
    });

    it("fails with the file, the line and what the compiler said", async () => {
      const source = join(folder, `broken.${extension}`);
      await writeFile(
        source,
        language === "c" ? "#include <airssys.h>\nint x = nobody;\n" : "\nfn f() -> u32 { nobody }\n",
      );
      await expect(build(language, source)).rejects.toMatchObject({
        code: "GUEST_BUILD_FAILED",
        reason: expect.stringContaining("nobody"),
        position: { file: source, line: 2 },
      });
    });

    it("fails when it is no actor", async () => {
      const source = join(folder, `empty.${extension}`);
      await writeFile(source, "\n");
      await expect(build(language, source)).rejects.toMatchObject({
        code: "GUEST_BUILD_FAILED",
        reason: expect.stringContaining("airssys:core-component/component-lifecycle@1.0.0"),
      });
    });

    it("is built again only when a file that belongs to it changed", async () => {
      const [source, part] = [
        join(folder, `whole.${extension}`),
        join(folder, language === "c" ? "part.h" : "part.rs"),
      ];
      await writeFile(source, wholes[language]);
      await writeFile(part, parts[language]("one"));
      expect((await build(language, source)).built).toBe(true);
      expect((await build(language, source)).built).toBe(false);
      await writeFile(part, parts[language]("two"));
      const { built: isBuilt, output } = await build(language, source);
      expect(isBuilt).toBe(true);
      const { lifecycle } = (await loadComponent(output))(host());
      lifecycle.init({ id, values: [] });
      expect(lifecycle.metadata()).toMatchObject({ name: "two" });
    });
  });

  it("names the packages of Debian when there is no compiler for it", async () => {
    vi.stubEnv("PATH", "");
    const source = join(folder, "any.txt");
    await writeFile(source, "");
    await expect(build(language, source)).rejects.toMatchObject({
      code: "GUEST_TOOLCHAIN_MISSING",
      language,
      missing: language === "c" ? "clang" : "rustc",
      packages: expect.arrayContaining(language === "c" ? ["clang", "wasi-libc"] : ["rustc", "libstd-rust-dev-wasm32"]),
    });
  });

  it.skipIf(process.platform === "win32")("names what a compiler lacks that is no use for it", async () => {
    const programs = join(folder, `programs-${language}`);
    await mkdir(programs);
    await symlink("/bin/false", join(programs, language === "c" ? "clang" : "rustc"));
    vi.stubEnv("PATH", programs);
    const source = join(folder, "any.txt");
    await writeFile(source, "");
    await expect(build(language, source)).rejects.toMatchObject({
      code: "GUEST_TOOLCHAIN_MISSING",
      missing: expect.stringContaining(language === "c" ? "WebAssembly" : "wasm32"),
    });
  });
});

describe.skipIf(components.c === undefined)("a program in C", () => {
  it.each([
    ["what is no text", Uint8Array.of(0x61, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xe2, 0x82), ["a??(?????"]],
    ["a character where a line is cut", utf8(`${"x".repeat(1023)}é${"😀".repeat(300)}`), undefined],
  ])("prints %s as a line of the log, and lives on", async (_, printed, lines) => {
    const calls: unknown[][] = [];
    const { lifecycle } = (await loadComponent(components.c ?? ""))(host(calls));
    lifecycle.init({ id, values: [["greeting", "hello"]] });
    const message = { timestamp: { seconds: 0n, nanoseconds: 0 }, headers: [] };
    lifecycle.handleMessage({ ...message, payload: Uint8Array.of(4, ...printed) });
    const logged = calls.map(([level, line]) => {
      expect(level).toBe("info");
      return String(line);
    });
    expect(logged.length).toBe(lines?.length ?? 3);
    expect(logged.join("")).toBe(lines?.join("") ?? text(printed));
    expect(lifecycle.health()).toMatchObject({ tag: "degraded" });
  });

  it("that needs more of WASI than an actor has is refused when it is built", async () => {
    const source = join(folder, "reader.c");
    await writeFile(source, readingFiles);
    await expect(build("c", source)).rejects.toMatchObject({
      code: "GUEST_BUILD_FAILED",
      reason: expect.stringContaining("path_open of WASI"),
    });
  });
});

const named = {
  c: (name: string) => wholes.c.replace("part.h", `part ${name}.h`),
  rust: (name: string) => wholes.rust.replace("mod part;", `#[path = "part ${name}.rs"]\nmod part;`),
};

const wholes = {
  c: '#include <airssys.h>\n#include "part.h"\nconst airssys_actor airssys_this = {.name = NAME};\n',
  rust: `mod part;
struct Whole;
impl airssys::Actor for Whole {
    fn metadata(&self) -> airssys::Metadata {
        airssys::Metadata::new(part::NAME, "", "")
    }
}
airssys::actor!(Whole);
`,
} as const;

const parts = {
  c: (name: string) => `#define NAME "${name}"\n`,
  rust: (name: string) => `pub const NAME: &str = "${name}";\n`,
} as const;

const readingFiles = `#include <airssys.h>
static airssys_answer init(const airssys_config *config) {
  (void)config;
  return fopen("/etc/passwd", "r") == NULL ? airssys_ok() : airssys_refuse(AIRSSYS_FAILED, airssys_str("read"));
}
const airssys_actor airssys_this = {.name = "reader", .init = init};
`;
