import { type Capability, CapabilitySet } from "@airssys/security";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { decideBy, type Decision, type Operation } from "../../src/index.ts";
import { bytesOf, codeOf, filesBelow, sampleAccess, temporaryFolder } from "../sample-access.ts";
import { httpServer, tcpServer } from "../sample-server.ts";

describe("a policy that gives no clear answer", () => {
  it.each<readonly [string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
    [
      "throws no error",
      () => {
        throw undefined;
      },
    ],
    ["says nothing", () => undefined],
    ["says yes in another way", () => true],
    ["says something else", () => ({ decision: "GRANTED", reason: "" })],
    ["promises", async () => ({ decision: "granted", reason: "" })],
    ["leaves the decision out", () => ({ reason: "a grant covers it" })],
  ])("refuses: one that %s", async (_name, decide) => {
    const folder = temporaryFolder();
    const path = `${folder}/a`;
    const { access, records } = sampleAccess([], { decide: decide as () => Decision });
    expect(await codeOf(access.run({ kind: "file.write", path, bytes: bytesOf("x") }))).toBe("OSL_DENIED");
    expect(existsSync(path)).toBe(false);
    expect(records).toMatchObject([{ decision: "refused", right: "file.write", resource: path }]);
  });
});

describe("a decision", () => {
  it.each<readonly [string, () => unknown]>([
    [
      "fails",
      () => {
        throw new Error("disk full");
      },
    ],
    ["says no", () => false],
    ["says nothing", () => undefined],
    ["promises", async () => true],
  ])("is not acted on when the audit %s", async (_name, audit) => {
    const folder = temporaryFolder();
    const path = `${folder}/a`;
    const { access } = sampleAccess(filesBelow(folder), { audit: audit as () => boolean });
    expect(await codeOf(access.run({ kind: "file.write", path, bytes: bytesOf("x") }))).toBe("OSL_AUDIT_FAILED");
    expect(existsSync(path)).toBe(false);
  });

  it("is recorded before anything is performed", async () => {
    const folder = temporaryFolder();
    const path = `${folder}/a`;
    const wasThere: boolean[] = [];
    const { access } = sampleAccess(filesBelow(folder), { audit: () => wasThere.push(existsSync(path)) > 0 });
    await access.run({ kind: "file.write", path, bytes: bytesOf("x") });
    expect(wasThere).toEqual([false]);
  });

  it("holds for what was asked and not for what is made of it later", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/own`, "own");
    writeFileSync(`${folder}/secret`, "secret");
    const grants = new CapabilitySet();
    grants.grant({ kind: "file", action: "write", path: `${folder}/own` });
    const decide = decideBy(grants);
    const operation = { kind: "file.write" as const, path: `${folder}/own`, bytes: bytesOf("new") };
    const { access } = sampleAccess([], {
      decide: (capability) => {
        operation.path = `${folder}/secret`;
        operation.bytes.fill(0x78);
        return decide(capability);
      },
    });
    await access.run(operation);
    expect([readFileSync(`${folder}/own`, "utf8"), readFileSync(`${folder}/secret`, "utf8")]).toEqual([
      "new",
      "secret",
    ]);
  });

  it("is made anew each time, so that what is taken back is refused at once", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "");
    const { access, grants } = sampleAccess(filesBelow(folder));
    const read = () => codeOf(access.run({ kind: "file.read", path: `${folder}/a` }));
    expect(await read()).toBe("none");
    grants.revoke({ kind: "file", action: "read", path: `${folder}/**` });
    expect(await read()).toBe("OSL_DENIED");
  });
});

describe("what is no operation", () => {
  it.each<readonly [string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "file.read"],
    ["an unknown kind", { kind: "file.chmod", path: "/a" }],
    ["no kind", { path: "/a" }],
    ["no path", { kind: "file.read" }],
    ["a list as path", { kind: "file.read", path: ["/a"] }],
    ["a text as bytes", { kind: "file.write", path: "/a", bytes: "x" }],
    ["a port that is none", { kind: "tcp.connect", host: "a.example", port: "80" }],
    ["a port too high", { kind: "tcp.connect", host: "a.example", port: 65_536 }],
    ["no list of arguments", { kind: "process.spawn", program: "/a", directory: "/", arguments: "x" }],
    ["a lifetime without end", { kind: "process.spawn", program: "/a", directory: "/", lifetimeMs: Infinity }],
  ])("is refused before policy is asked: %s", async (_name, operation) => {
    const { access, records } = sampleAccess([]);
    expect(await codeOf(access.run(operation as Operation))).toBe("OSL_OPERATION_INVALID");
    expect(records).toEqual([]);
  });
});

describe("a quota that has room later", () => {
  it("has what goes out wait for it, by the clock, and ends with the access", async () => {
    const folder = temporaryFolder();
    let hasRoom = false;
    const { access, clock } = sampleAccess(filesBelow(folder), {
      account: ({ bytesOut }) => bytesOut === 0 || hasRoom || 50,
    });
    const first = access.run({ kind: "file.write", path: `${folder}/a`, bytes: bytesOf("text") });
    await vi.waitFor(() => expect(clock.waiting).toBe(2));
    hasRoom = true;
    clock.pass(50);
    await first;
    hasRoom = false;
    const second = codeOf(access.run({ kind: "file.write", path: `${folder}/b`, bytes: bytesOf("text") }));
    await vi.waitFor(() => expect(clock.waiting).toBe(2));
    await access[Symbol.asyncDispose]();
    expect([await second, readdirSync(folder)]).toEqual(["OSL_CLOSED", ["a"]]);
  });

  it("is not waited for longer than a timer keeps, nor for no time", async () => {
    const folder = temporaryFolder();
    for (const wait of [0, -1, Number.NaN, 2 ** 40]) {
      const { access } = sampleAccess(filesBelow(folder), { account: () => wait });
      const writing = access.run({ kind: "file.write", path: `${folder}/a`, bytes: bytesOf("text") });
      expect(await codeOf(writing)).toBe("OSL_QUOTA_EXCEEDED");
    }
  });
});

describe("a quota that is used up", () => {
  it("lets nothing out", async () => {
    const folder = temporaryFolder();
    const { access } = sampleAccess(filesBelow(folder), { account: ({ bytesOut }) => bytesOut < 10 });
    const write = (size: number) =>
      codeOf(access.run({ kind: "file.write", path: `${folder}/a`, bytes: new Uint8Array(size) }));
    expect([await write(10), existsSync(`${folder}/a`), await write(9)]).toEqual(["OSL_QUOTA_EXCEEDED", false, "none"]);
  });

  it("lets nothing in, and refuses when it fails", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const full = sampleAccess(filesBelow(folder), { account: ({ bytesIn }) => bytesIn === 0 });
    const broken = sampleAccess(filesBelow(folder), {
      account: () => {
        throw new Error("broken");
      },
    });
    for (const { access } of [full, broken])
      expect(await codeOf(access.run({ kind: "file.read", path: `${folder}/a` }))).toBe("OSL_QUOTA_EXCEEDED");
  });

  it("closes the connection that used it", async () => {
    const port = await tcpServer((socket) => socket.pipe(socket));
    let left = 10;
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }], {
      account: ({ bytesOut }) => (left -= bytesOut) >= 0,
    });
    const connection = await access.run({ kind: "tcp.connect", host: "127.0.0.1", port });
    await connection.write(bytesOf("12345"));
    expect(await codeOf(connection.write(bytesOf("1234567890")))).toBe("OSL_QUOTA_EXCEEDED");
    expect(await codeOf(connection.write(bytesOf("1")))).toMatch(/OSL_QUOTA_EXCEEDED|OSL_CLOSED/);
  });
});

describe("a file or a folder that is too big", () => {
  it("is not read, copied, written or listed", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "12345");
    writeFileSync(`${folder}/b`, "");
    const { access } = sampleAccess(filesBelow(folder), { limits: { fileBytes: 4, directoryEntries: 1 } });
    const operations: readonly Operation[] = [
      { kind: "file.read", path: `${folder}/a` },
      { kind: "file.copy", path: `${folder}/a`, to: `${folder}/c` },
      { kind: "file.write", path: `${folder}/a`, bytes: new Uint8Array(5) },
      { kind: "directory.list", path: folder },
      { kind: "directory.remove", path: folder, recursive: true },
    ];
    for (const operation of operations) expect(await codeOf(access.run(operation))).toBe("OSL_LIMIT_EXCEEDED");
  });
});

describe("an operation that takes too long or is not wanted any more", () => {
  it.each(["timeout", "cancel", "stop"] as const)("ends while a server does not answer: %s", async (how) => {
    const { promise: asked, resolve } = Promise.withResolvers<undefined>();
    const port = await httpServer(() => resolve(undefined));
    const { access, clock } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const cancel = new AbortController();
    const ended = codeOf(
      access.run({ kind: "http.request", url: `http://127.0.0.1:${port}/` }, { signal: cancel.signal, timeoutMs: 100 }),
    );
    await asked;
    if (how === "timeout") clock.pass(100);
    else if (how === "cancel") cancel.abort();
    else await access[Symbol.asyncDispose]();
    expect(await ended).toBe({ timeout: "OSL_TIMEOUT", cancel: "OSL_CANCELLED", stop: "OSL_CLOSED" }[how]);
    expect(clock.waiting).toBe(0);
  });

  it("ends while a resolver does not answer", async () => {
    const { promise: asked, resolve } = Promise.withResolvers<undefined>();
    const { access, clock } = sampleAccess([{ kind: "connect", target: "api.example.com:80" }], {
      resolve: () => {
        resolve(undefined);
        return new Promise(() => undefined);
      },
    });
    const ended = codeOf(access.run({ kind: "tcp.connect", host: "api.example.com", port: 80 }));
    await asked;
    clock.pass(30_000);
    expect(await ended).toBe("OSL_TIMEOUT");
  });

  it("ends a read on a connection whose other side is silent", async () => {
    const port = await tcpServer(() => undefined);
    const { access, clock } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const connection = await access.run({ kind: "tcp.connect", host: "127.0.0.1", port });
    const ended = codeOf(connection.read({ timeoutMs: 10 }));
    clock.pass(10);
    expect(await ended).toBe("OSL_TIMEOUT");
  });

  it("does nothing when it was cancelled before", async () => {
    const folder = temporaryFolder();
    const { access, records } = sampleAccess(filesBelow(folder));
    const run = access.run(
      { kind: "file.write", path: `${folder}/a`, bytes: bytesOf("x") },
      { signal: AbortSignal.abort() },
    );
    expect(await codeOf(run)).toBe("OSL_CANCELLED");
    expect([records, existsSync(`${folder}/a`)]).toEqual([[], false]);
  });

  it("is refused once the actor has stopped", async () => {
    const folder = temporaryFolder();
    const { access } = sampleAccess(filesBelow(folder));
    await access[Symbol.asyncDispose]();
    expect(await codeOf(access.run({ kind: "directory.list", path: folder }))).toBe("OSL_CLOSED");
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 31])("is refused with a time that no timer keeps: %d", async (timeoutMs) => {
    const folder = temporaryFolder();
    const { access } = sampleAccess(filesBelow(folder));
    expect(await codeOf(access.run({ kind: "directory.list", path: folder }, { timeoutMs }))).toBe(
      "OSL_OPERATION_INVALID",
    );
  });
});

describe("an operation that is refused without a decision", () => {
  const spawn = { kind: "process.spawn", program: "/bin/cat" } as const;

  it.each<readonly [string, string, Operation, Capability]>([
    [
      "a path that goes up",
      "OSL_OPERATION_INVALID",
      { kind: "file.read", path: "/a/../etc/passwd" },
      reading("/a/../etc/passwd"),
    ],
    [
      "a relative path",
      "OSL_OPERATION_INVALID",
      { kind: "file.delete", path: "a" },
      { kind: "file", action: "delete", path: "a" },
    ],
    [
      "a mode that is none",
      "OSL_OPERATION_INVALID",
      { kind: "file.open", path: "/a", mode: "rw" as "read" },
      { kind: "file", action: "write", path: "/a" },
    ],
    [
      "a second target that goes up",
      "OSL_OPERATION_INVALID",
      { kind: "file.copy", path: "/a", to: "/b/.." },
      reading("/a"),
    ],
    [
      "another protocol",
      "OSL_OPERATION_INVALID",
      { kind: "http.request", url: "file:///etc/passwd" },
      connect("file:///etc/passwd"),
    ],
    [
      "a header of two lines",
      "OSL_OPERATION_INVALID",
      { kind: "http.request", url: "http://a.org/", headers: [["a", "1\r\nb: 2"]] },
      connect("http://a.org/"),
    ],
    [
      "a header twice",
      "OSL_OPERATION_INVALID",
      {
        kind: "http.request",
        url: "http://a.org/",
        headers: [
          ["a", "1"],
          ["A", "2"],
        ],
      },
      connect("http://a.org/"),
    ],
    [
      "a header that is no pair",
      "OSL_OPERATION_INVALID",
      { kind: "http.request", url: "http://a.org/", headers: [null] as never },
      connect("http://a.org/"),
    ],
    ["a host with a zero", "OSL_OPERATION_INVALID", { kind: "tcp.connect", host: "a\0b", port: 1 }, connect("a\0b:1")],
    [
      "a port that is none",
      "OSL_OPERATION_INVALID",
      { kind: "tcp.listen", port: 65_536 },
      { kind: "listen", port: 65_536 },
    ],
    [
      "an option as a value",
      "OSL_OPERATION_INVALID",
      { ...spawn, arguments: ["--help"] },
      { kind: "spawn", program: "/bin/cat" },
    ],
    [
      "a variable of the loader",
      "OSL_OPERATION_INVALID",
      { ...spawn, environment: [["LD_PRELOAD", "/a"]] },
      { kind: "spawn", program: "/bin/cat" },
    ],
    [
      "a variable twice",
      "OSL_OPERATION_INVALID",
      {
        ...spawn,
        environment: [
          ["A", "1"],
          ["A", "2"],
        ],
      },
      { kind: "spawn", program: "/bin/cat" },
    ],
    [
      "more than may be sent",
      "OSL_LIMIT_EXCEEDED",
      { kind: "udp.send", host: "a.org", port: 1, bytes: new Uint8Array(70_000) },
      connect("a.org:1"),
    ],
    [
      "a path that is none",
      "OSL_OPERATION_INVALID",
      { kind: "file.read", path: Symbol("a") as never },
      reading("a symbol"),
    ],
    ["no kind", "OSL_OPERATION_INVALID", {} as Operation, reading("")],
    ["nothing at all", "OSL_OPERATION_INVALID", null as unknown as Operation, reading("")],
  ])("is told, with what it was after: %s", async (_name, code, operation, attempted) => {
    const told: unknown[] = [];
    const { access, records } = sampleAccess([], {
      onRefusal: (capability, error) => told.push([capability, error.code]),
    });
    expect(await codeOf(access.run(operation))).toBe(code);
    expect(told).toEqual([[attempted, code]]);
    expect(records).toEqual([]);
  });

  it("is told when there is no room for it, and when too much is open", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/a`, "text");
    const told: string[] = [];
    const onRefusal = (_: unknown, { code }: { readonly code: string }): void => void told.push(code);
    const { access } = sampleAccess(filesBelow(folder), { onRefusal, limits: { open: 1 } });
    await access.run({ kind: "file.open", path: `${folder}/a`, mode: "read" });
    await codeOf(access.run({ kind: "file.open", path: `${folder}/a`, mode: "read" }));
    const poor = sampleAccess(filesBelow(folder), { onRefusal, account: () => false });
    await codeOf(poor.access.run({ kind: "file.write", path: `${folder}/b`, bytes: bytesOf("x") }));
    expect(told).toEqual(["OSL_TOO_MANY_OPEN", "OSL_QUOTA_EXCEEDED"]);
  });

  it("is not told for what policy refused, which is recorded, nor for what the system answers", async () => {
    const folder = temporaryFolder();
    const onRefusal = vi.fn<() => void>();
    const { access, records } = sampleAccess(filesBelow(folder), { onRefusal });
    await codeOf(access.run({ kind: "file.read", path: "/elsewhere" }));
    await codeOf(access.run({ kind: "file.read", path: `${folder}/missing` }));
    expect(records.map(({ decision }) => decision)).toEqual(["refused", "granted"]);
    expect(onRefusal).not.toHaveBeenCalled();
  });
});

function reading(path: string): Capability {
  return { kind: "file", action: "read", path };
}

function connect(target: string): Capability {
  return { kind: "connect", target };
}
