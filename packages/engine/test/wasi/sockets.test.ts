import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  BadOptionError,
  type GuestConnection,
  type GuestNetwork,
  HostNetwork,
  type WasiOptions,
} from "../../src/index.ts";
import { IoError } from "../../src/wasi/error.ts";
import {
  fromWasiSocketAddress,
  toWasiAddress,
  toWasiSocketAddress,
  type WasiSocketAddress,
} from "../../src/wasi/ip-address.ts";
import { Pollable } from "../../src/wasi/poll.ts";
import { TcpSocket } from "../../src/wasi/tcp-socket.ts";
import { WasiInstance } from "../../src/wasi/wasi-instance.ts";
import { thrownBy } from "../fixtures.ts";
import { guestInterface } from "./guest-interface.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const ANY: WasiSocketAddress = { tag: "ipv4", val: { port: 0, address: [0, 0, 0, 0] } };

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, "close");
  }
});

/** A server on this machine; its address as a guest would have it. */
async function serving(act: (socket: Socket) => void): Promise<{ port: number; address: WasiSocketAddress }> {
  const server = createServer({ allowHalfOpen: true }, act).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const found = server.address();
  const port = typeof found === "object" && found !== null ? found.port : 0;
  return { port, address: { tag: "ipv4", val: { port, address: [127, 0, 0, 1] } } };
}

function instance(network: GuestNetwork | undefined, options: WasiOptions = {}): WasiInstance {
  return new WasiInstance({ ...options, network }, "may-wait");
}

const theNetwork = (wasi: WasiInstance): unknown => guestInterface("sockets/instance-network", wasi)("instanceNetwork");

function socketOf(wasi: WasiInstance, family = "ipv4"): TcpSocket {
  const created = guestInterface("sockets/tcp-create-socket", wasi)("createTcpSocket", family);
  if (!(created instanceof TcpSocket)) throw new TypeError("expected a socket");
  return created;
}

async function connecting(wasi: WasiInstance, address: WasiSocketAddress): Promise<TcpSocket> {
  const socket = socketOf(wasi);
  socket.startConnect({}, address);
  await socket.subscribe().block();
  return socket;
}

describe("an instance without a network", () => {
  it("finds all of it there, and denied", () => {
    const wasi = new WasiInstance();
    const network = theNetwork(wasi);
    const create = guestInterface("sockets/tcp-create-socket", wasi);
    expect(thrownBy(() => create("createTcpSocket", "ipv4"))).toBe("access-denied");
    const createUdp = guestInterface("sockets/udp-create-socket", wasi);
    expect(thrownBy(() => createUdp("createUdpSocket", "ipv6"))).toBe("access-denied");
    const lookup = guestInterface("sockets/ip-name-lookup", wasi);
    expect(thrownBy(() => lookup("resolveAddresses", network, "localhost"))).toBe("access-denied");
  });

  it("can ask what a stream failed with", () => {
    const network = guestInterface("sockets/network");
    expect(network("networkErrorCode", new IoError({ kind: "network", code: "timeout" }))).toBe("timeout");
    expect(network("networkErrorCode", new IoError({ kind: "file", code: "io" }))).toBeUndefined();
  });
});

describe("a connection", () => {
  it("is made, carries bytes both ways, and is ended by each side for itself", async () => {
    const { port, address } = await serving((socket) => {
      socket.once("data", (bytes: Buffer) => {
        socket.write(`you said ${bytes.toString()}`);
        socket.on("end", () => socket.end(", and that is all")).resume();
      });
    });
    const wasi = instance(new HostNetwork([{ host: "127.0.0.1", port }]));
    const socket = await connecting(wasi, address);
    const [input, output] = socket.finishConnect();
    expect(socket.remoteAddress()).toEqual(address);
    expect(socket.localAddress()).toMatchObject({ tag: "ipv4", val: { address: [127, 0, 0, 1] } });
    expect(output.checkWrite()).toBeGreaterThan(0n);
    await output.blockingWriteAndFlush(Buffer.from("hello"));
    expect(text(await input.blockingRead(7n))).toBe("you sai");
    expect(text(await input.blockingRead(100n))).toBe("d hello");
    expect(input.read(1n)).toHaveLength(0);
    socket.shutdown("send");
    socket.shutdown("send");
    expect(thrownBy(() => output.write(Uint8Array.of(1)))).toEqual({ tag: "closed" });
    expect(text(await input.blockingRead(100n))).toBe(", and that is all");
    await expect(Promise.resolve(input.blockingRead(1n))).rejects.toEqual({ tag: "closed" });
    for (const held of [input, output, socket]) held[Symbol.dispose]();
  });

  it("is not waited for where that would stop the host", async () => {
    const { port, address } = await serving((socket) => socket.end());
    const wasi = new WasiInstance({ network: new HostNetwork([{ host: "127.0.0.1", port }]) });
    const socket = socketOf(wasi);
    socket.startConnect({}, address);
    expect(thrownBy(() => socket.subscribe().block())).toMatchObject({ code: "ENGINE_BLOCKING_WAIT" });
    expect(thrownBy(() => socket.finishConnect())).toBe("would-block");
    wasi[Symbol.dispose]();
  });

  it("is made to nobody else than was granted", async () => {
    const { port, address } = await serving((socket) => socket.end());
    for (const destinations of [[], [{ host: "127.0.0.1", port: port - 1 }], [{ host: "127.0.0.2", port }]]) {
      const socket = await connecting(instance(new HostNetwork(destinations)), address);
      expect(thrownBy(() => socket.finishConnect())).toBe("access-denied");
      expect(thrownBy(() => socket.finishConnect())).toBe("not-in-progress");
      expect(thrownBy(() => socket.startConnect({}, address))).toBe("invalid-state");
    }
  });

  it("is refused by who is not there", async () => {
    const { port, address } = await serving((socket) => socket.end());
    const [server] = servers.splice(0);
    server?.close();
    const socket = await connecting(instance(new HostNetwork([{ host: "127.0.0.1", port }])), address);
    expect(thrownBy(() => socket.finishConnect())).toBe("connection-refused");
  });

  it("tells when the other side cuts it off", async () => {
    const { port, address } = await serving((socket) => {
      socket.once("data", () => socket.resetAndDestroy());
    });
    const socket = await connecting(instance(new HostNetwork([{ host: "127.0.0.1", port }])), address);
    const [input, output] = socket.finishConnect();
    await output.blockingWriteAndFlush(Buffer.from("hello"));
    const failed = Promise.resolve(input.blockingRead(1n));
    await expect(failed).rejects.toMatchObject({ tag: "last-operation-failed", val: expect.any(IoError) });
    await expect(failed).rejects.toMatchObject({ val: { failure: { kind: "network", code: "connection-reset" } } });
  });

  it("is one of so many, and cut off with its instance", async () => {
    const closed: Promise<unknown>[] = [];
    const { port, address } = await serving((socket) => {
      closed.push(once(socket, "close"));
      socket.resume().on("end", () => socket.end());
    });
    const wasi = instance(new HostNetwork([{ host: "127.0.0.1", port }]), { maxSockets: 1 });
    const first = await connecting(wasi, address);
    const [input] = first.finishConnect();
    expect(thrownBy(() => socketOf(wasi).startConnect({}, address))).toBe("new-socket-limit");
    const waiting = Promise.resolve(input.blockingRead(1n));
    wasi[Symbol.dispose]();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    await closed[0];
  });
});

describe("a connection that nobody takes", () => {
  it("is cut off as soon as it stands", async () => {
    const made = Promise.withResolvers<GuestConnection>();
    const cut = Promise.withResolvers<void>();
    let signal: AbortSignal | undefined;
    const network: GuestNetwork = {
      resolve: () => Promise.resolve([]),
      connect: (_remote, given) => {
        signal = given;
        return made.promise;
      },
    };
    const socket = socketOf(instance(network));
    socket.startConnect({}, { tag: "ipv4", val: { port: 80, address: [10, 0, 0, 1] } });
    socket[Symbol.dispose]();
    expect(signal?.aborted).toBe(true);
    const here = { address: "10.0.0.2", port: 1 };
    made.resolve({
      local: here,
      remote: here,
      read: () => Promise.resolve(undefined),
      write: () => Promise.resolve(),
      end: () => Promise.resolve(),
      [Symbol.dispose]: cut.resolve,
    });
    await cut.promise;
  });
});

describe("a name", () => {
  it("is looked up when it was granted, and its addresses can be reached then", async () => {
    const { port, address } = await serving((socket) => socket.end());
    const wasi = instance(new HostNetwork([{ host: "LocalHost", port }]));
    const early = await connecting(wasi, address);
    expect(thrownBy(() => early.finishConnect())).toBe("access-denied");
    const stream = lookUp(wasi, "localhost");
    expect(thrownBy(() => stream.resolveNextAddress())).toBe("would-block");
    await stream.subscribe().block();
    const found: unknown[] = [];
    for (let next = stream.resolveNextAddress(); next !== undefined; next = stream.resolveNextAddress())
      found.push(next);
    expect(found).toContainEqual({ tag: "ipv4", val: [127, 0, 0, 1] });
    const socket = await connecting(wasi, address);
    expect(socket.finishConnect()).toHaveLength(2);
    wasi[Symbol.dispose]();
  });

  it("that was not granted is denied, and one that is none refused", async () => {
    const wasi = instance(new HostNetwork([{ host: "127.0.0.1", port: 80 }]));
    const denied = lookUp(wasi, "localhost");
    await denied.subscribe().block();
    expect(thrownBy(() => denied.resolveNextAddress())).toBe("access-denied");
    const address = lookUp(wasi, "127.0.0.1");
    await address.subscribe().block();
    expect(address.resolveNextAddress()).toEqual({ tag: "ipv4", val: [127, 0, 0, 1] });
    expect(address.resolveNextAddress()).toBeUndefined();
    for (const name of ["", "a b", "x".repeat(300), "ü"]) {
      expect(thrownBy(() => lookUp(wasi, name))).toBe("invalid-argument");
    }
  });
});

interface Lookup {
  resolveNextAddress(): unknown;
  subscribe(): Pollable;
}

function lookUp(wasi: WasiInstance, name: string): Lookup {
  const stream = guestInterface("sockets/ip-name-lookup", wasi)("resolveAddresses", theNetwork(wasi), name);
  if (!(stream instanceof Object) || !("resolveNextAddress" in stream)) throw new TypeError("expected a stream");
  return stream as Lookup;
}

describe("a socket", () => {
  const nobody: GuestNetwork = {
    resolve: () => Promise.reject(new Error("unused")),
    connect: () => new Promise(() => undefined),
  };

  it("goes through its states in order", () => {
    const remote: WasiSocketAddress = { tag: "ipv4", val: { port: 80, address: [10, 0, 0, 1] } };
    const socket = socketOf(instance(nobody));
    for (const use of [
      (): unknown => socket.localAddress(),
      (): unknown => socket.remoteAddress(),
      (): unknown => socket.shutdown("both"),
      (): unknown => socket.accept(),
    ]) {
      expect(thrownBy(use)).toBe("invalid-state");
    }
    expect(thrownBy(() => socket.finishBind())).toBe("not-in-progress");
    expect(thrownBy(() => socket.finishConnect())).toBe("not-in-progress");
    expect(thrownBy(() => socket.finishListen())).toBe("not-in-progress");
    expect(thrownBy(() => socket.startBind({}, { ...remote }))).toBe("access-denied");
    expect(thrownBy(() => socket.startBind({}, toWasiSocketAddress({ address: "::", port: 0 })))).toBe(
      "invalid-argument",
    );
    socket.startBind({}, ANY);
    expect(thrownBy(() => socket.startConnect({}, remote))).toBe("concurrency-conflict");
    socket.finishBind();
    expect(socket.localAddress()).toEqual(ANY);
    expect(thrownBy(() => socket.startBind({}, ANY))).toBe("invalid-state");
    expect(thrownBy(() => socket.startListen())).toBe("access-denied");
    expect(socket.isListening()).toBe(false);
    expect(socket.subscribe().ready()).toBe(true);
    for (const wrong of [ANY, toWasiSocketAddress({ address: "::1", port: 80 })]) {
      expect(thrownBy(() => socket.startConnect({}, wrong))).toBe("invalid-argument");
    }
    socket.startConnect({}, remote);
    expect(socket.subscribe().ready()).toBe(false);
    expect(thrownBy(() => socket.startConnect({}, remote))).toBe("concurrency-conflict");
    socket[Symbol.dispose]();
  });

  it("remembers what was set, and refuses nothing at all", () => {
    const socket = socketOf(instance(nobody), "ipv6");
    expect(socket.addressFamily()).toBe("ipv6");
    socket.setKeepAliveEnabled(true);
    socket.setKeepAliveIdleTime(1n);
    socket.setKeepAliveInterval(2n);
    socket.setKeepAliveCount(3);
    socket.setHopLimit(4);
    socket.setReceiveBufferSize(5n);
    socket.setSendBufferSize(6n);
    socket.setListenBacklogSize(7n);
    expect([
      socket.keepAliveEnabled(),
      socket.keepAliveIdleTime(),
      socket.keepAliveInterval(),
      socket.keepAliveCount(),
      socket.hopLimit(),
      socket.receiveBufferSize(),
      socket.sendBufferSize(),
    ]).toEqual([true, 1n, 2n, 3, 4, 5n, 6n]);
    for (const set of [
      (): void => socket.setKeepAliveIdleTime(0n),
      (): void => socket.setKeepAliveInterval(0n),
      (): void => socket.setKeepAliveCount(0),
      (): void => socket.setHopLimit(0),
      (): void => socket.setReceiveBufferSize(0n),
      (): void => socket.setSendBufferSize(0n),
      (): void => socket.setListenBacklogSize(0n),
    ]) {
      expect(thrownBy(set)).toBe("invalid-argument");
    }
  });

  it("passes on a failure of the host's own network as that", async () => {
    const broken: GuestNetwork = { ...nobody, connect: () => Promise.reject(new RangeError("a bug")) };
    const socket = await connecting(instance(broken), { tag: "ipv4", val: { port: 80, address: [10, 0, 0, 1] } });
    expect(thrownBy(() => socket.finishConnect())).toBeInstanceOf(RangeError);
  });

  it("has no datagrams yet", () => {
    const create = guestInterface("sockets/udp-create-socket", instance(nobody));
    expect(thrownBy(() => create("createUdpSocket", "ipv4"))).toBe("not-supported");
  });
});

describe("an address", () => {
  it("is the same in text and in numbers", () => {
    expect(toWasiAddress("192.168.0.1")).toEqual({ tag: "ipv4", val: [192, 168, 0, 1] });
    expect(toWasiAddress("::1")).toEqual({ tag: "ipv6", val: [0, 0, 0, 0, 0, 0, 0, 1] });
    expect(toWasiAddress("fe80::a:b%eth0")).toEqual({ tag: "ipv6", val: [0xfe80, 0, 0, 0, 0, 0, 10, 11] });
    expect(toWasiAddress("1:2:3:4:5:6:7:8")).toEqual({ tag: "ipv6", val: [1, 2, 3, 4, 5, 6, 7, 8] });
    expect(toWasiAddress("::ffff:10.0.0.1")).toEqual({ tag: "ipv6", val: [0, 0, 0, 0, 0, 0xffff, 0x0a00, 1] });
    expect(() => toWasiAddress("localhost")).toThrow(TypeError);
    expect(fromWasiSocketAddress(toWasiSocketAddress({ address: "2001:db8::1", port: 5 }))).toEqual({
      address: "2001:db8:0:0:0:0:0:1",
      port: 5,
    });
    const scoped: WasiSocketAddress = {
      tag: "ipv6",
      val: { port: 1, flowInfo: 0, address: [0xfe80, 0, 0, 0, 0, 0, 0, 1], scopeId: 2 },
    };
    expect(thrownBy(() => fromWasiSocketAddress(scoped))).toBe("not-supported");
  });
});

it("takes only destinations that are some", () => {
  for (const destination of [
    { host: "", port: 1 },
    { host: "a", port: 0 },
    { host: "a", port: 70_000 },
    { host: "a", port: 1.5 },
  ]) {
    expect(thrownBy(() => new HostNetwork([destination]))).toBeInstanceOf(BadOptionError);
  }
  expect(thrownBy(() => new WasiInstance({ maxSockets: 0.5 }))).toBeInstanceOf(BadOptionError);
});
