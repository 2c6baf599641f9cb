import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Server } from "node:net";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  fetchFrom,
  type GuestDirectory,
  type GuestFileSystem,
  HostFileSystem,
  HostNetwork,
  MemoryFileSystem,
  type WasiOptions,
} from "../../src/index.ts";
import { temporaryDirectory } from "../fixtures.ts";
import { fromTypeScript } from "../wasi/toolchains.ts";
import { launcher, rejectionOf } from "./levels.ts";

const { engine, launch } = launcher("worker");

/** Files that stay on the thread of the host, and how many handles on their root there are. */
class CountedFiles implements GuestFileSystem {
  readonly #files = new MemoryFileSystem();
  open = 0;
  everOpened = 0;

  openRoot(): GuestDirectory {
    const root = this.#files.openRoot();
    this.open += 1;
    this.everOpened += 1;
    return new Proxy(root, {
      get: (target, property) => {
        if (property === Symbol.dispose) this.open -= 1;
        const member: unknown = Reflect.get(target, property);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  }
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** What a call is answered on the host's thread and on one of its own, where the same is granted anew for each. */
async function answersOf(
  name: "every-function" | "network",
  grant: () => WasiOptions,
  ...call: Parameters<Awaited<ReturnType<typeof launch>>["call"]>
): Promise<unknown[]> {
  const component = await engine.prepare(await fromTypeScript(name));
  const answers = [];
  for (const isolation of ["shared", "worker"] as const) {
    await using instance = await component.launch({ isolation, wasi: grant() });
    answers.push(await instance.call(...call));
  }
  return answers;
}

describe("a guest on a thread of its own", () => {
  it("works with the files of the host that it was granted", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "granted"));
    writeFileSync(join(directory, "granted", "a.txt"), "alpha");
    const component = await engine.prepare(await fromTypeScript("every-function"));
    const files = new HostFileSystem(join(directory, "granted"));
    const preopens = [{ guestPath: "/files", files, access: "read-write" as const }];
    await using instance = await component.launch({ isolation: "worker", wasi: { preopens, cwd: "/files" } });
    const answer = await instance.call("files");
    expect(answer).toMatchObject({ ok: true, value: expect.arrayContaining(["open-at refused: not-permitted"]) });
    expect(readFileSync(join(directory, "granted", "a.txt"), "utf8").slice(0, 6)).toBe("AlPHA?");
    expect(await instance.call("surroundings")).toMatchObject({
      value: expect.arrayContaining(['initial-cwd: "/files"']),
    });
  });

  it("works with files, streams and time that stay on the thread of the host, as one on that thread does", async () => {
    const written = new Map<WasiOptions, string>();
    const grant = (): WasiOptions => {
      const files = new MemoryFileSystem({ "a.txt": "alpha" }, { maxBytes: 10_000 });
      const options: WasiOptions = {
        preopens: [{ guestPath: "/files", files, access: "read-write" }],
        cwd: "/files",
        env: { K: "v" },
        stdin: Buffer.from("abcdefghij"),
        stdout: (bytes) => written.set(options, (written.get(options) ?? "") + Buffer.from(bytes).toString()),
        random: (length) => new Uint8Array(length).fill(1),
        clock: { now: () => 5, monotonic: () => 7n },
      };
      return options;
    };
    for (const [fn, line] of [
      ["files", "get-directories"],
      ["streams", "blocking-splice"],
      ["surroundings", "poll"],
    ] as const) {
      const [here, there] = await answersOf("every-function", grant, fn);
      expect(there).toEqual(here);
      expect(there).toMatchObject({ ok: true, value: expect.arrayContaining([expect.stringContaining(line)]) });
    }
    expect([...written.values()]).toEqual(["one \0\0ghij", "one \0\0ghij"]);
  });

  it("reaches whom it was granted by sockets, as one on the thread of the host does", async () => {
    const port = await portOf(createSocketServer((socket) => socket.on("error", () => undefined).pipe(socket)));
    const network = (): WasiOptions => ({ network: new HostNetwork([{ host: "127.0.0.1", port }]) });
    const [here, there] = await answersOf("network", network, "sockets", ["x", Uint8Array.of(127, 0, 0, 1), port]);
    expect(there).toEqual(here);
    expect(there).toMatchObject({ ok: true, value: expect.arrayContaining(['read: "ping"', "shutdown: done"]) });
  });

  it("sends its requests to whom it was granted, as one on the thread of the host does", async () => {
    const port = await portOf(
      createServer((request, response) => void request.on("end", () => response.end("told")).resume()),
    );
    const fetch = (): WasiOptions => ({ fetch: fetchFrom([`http://127.0.0.1:${port}`]) });
    const [here, there] = await answersOf("network", fetch, "http", [`127.0.0.1:${port}`]);
    expect(there).toEqual(here);
    expect(there).toMatchObject({ ok: true, value: expect.arrayContaining(["status: 200", 'content: "told"']) });
  });

  it("leaves with its status where WASI is served on the thread of the host", async () => {
    const component = await engine.prepare(await fromTypeScript("every-function"));
    const preopens = [{ guestPath: "/files", files: new MemoryFileSystem(), access: "read" as const }];
    await using instance = await component.launch({ isolation: "worker", wasi: { preopens } });
    expect(await rejectionOf(instance.call("leave", [42]))).toMatchObject({ code: "ENGINE_EXIT", status: 42 });
    expect(instance.isAlive).toBe(false);
  });

  it("has what it leaves open on the thread of the host closed at its end, however that comes", async () => {
    const files = new CountedFiles();
    const wasi = { preopens: [{ guestPath: "/files", files, access: "read" as const }] };
    const disposed = await launch("directories", { wasi });
    expect(await disposed.call("open")).toEqual({ ok: true, value: 1 });
    expect(files.open).toBe(1);
    await disposed[Symbol.asyncDispose]();
    expect(files.open).toBe(0);
    const trapped = await launch("directories", { wasi });
    expect(await rejectionOf(trapped.call("open-and-trap"))).toMatchObject({ code: "ENGINE_COMPONENT_TRAP" });
    expect([files.open, files.everOpened]).toEqual([0, 2]);
  });

  it("is waited for by nothing on the thread of the host any more, when its end comes while it waits", async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const reach = async (_: bigint, signal: AbortSignal): Promise<void> => {
      asked.resolve(signal);
      await once(signal, "abort");
    };
    const preopens = [{ guestPath: "/files", files: new MemoryFileSystem(), access: "read" as const }];
    const clock = { now: () => 0, monotonic: () => 0n, reach };
    const instance = await launch("wasi", { wasi: { preopens, clock } });
    const slept = rejectionOf(instance.call("sleep", [1n]));
    const signal = await asked.promise;
    expect(signal.aborted).toBe(false);
    await instance[Symbol.asyncDispose]();
    expect(signal.aborted).toBe(true);
    expect(await slept).toMatchObject({ code: "ENGINE_INSTANCE_DEAD" });
  });

  it("waits for time to pass, which stops nobody else, and no longer than its call may take", async () => {
    const instance = await launch("wasi");
    const begun = process.hrtime.bigint();
    expect(await instance.call("sleep", [3_000_000n])).toMatchObject({ ok: true });
    expect(process.hrtime.bigint() - begun).toBeGreaterThanOrEqual(3_000_000n);
    const hurried = await launch("wasi", { limits: { deadlineMs: 300 } });
    expect(await rejectionOf(hurried.call("sleep", [3_600_000_000_000n]))).toMatchObject({
      code: "ENGINE_DEADLINE_EXCEEDED",
    });
    const refused = await launch("wasi", { wasi: { maxBlockMs: 1 } });
    expect(await rejectionOf(refused.call("sleep", [3_600_000_000_000n]))).toMatchObject({
      code: "ENGINE_BLOCKING_WAIT",
    });
  });

  it("waits by the clock that it was given, where that can be waited for", async () => {
    let at = 0n;
    const clock = {
      now: () => 0,
      monotonic: () => at,
      reach: (instant: bigint): Promise<void> => {
        at = instant;
        return Promise.resolve();
      },
    };
    const instance = await launch("wasi", { wasi: { clock } });
    expect(await instance.call("sleep", [10n ** 15n])).toMatchObject({ ok: true });
    expect(at).toBe(10n ** 15n);
    const { now, monotonic } = clock;
    const stuck = await launch("wasi", { wasi: { clock: { now, monotonic } } });
    expect(await rejectionOf(stuck.call("sleep", [1n]))).toMatchObject({ code: "ENGINE_BLOCKING_WAIT" });
  });
});
