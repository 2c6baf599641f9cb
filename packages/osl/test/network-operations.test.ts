import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { bytesOf, codeOf, sampleAccess, textOf } from "./sample-access.ts";
import { httpServer, tcpServer } from "./sample-server.ts";

describe("a request over HTTP", () => {
  it("sends what it says and gives what comes back", async () => {
    const port = await httpServer((request, response) => {
      request.on("data", (chunk: Buffer) => {
        response.setHeader("x-seen", `${request.method} ${request.url} ${request.headers["x-own"] as string}`);
        response.writeHead(201);
        response.end(`got ${chunk.toString()}`);
      });
    });
    const { access, usages } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const response = await access.run({
      kind: "http.request",
      url: `http://127.0.0.1:${port}/path?query`,
      method: "POST",
      headers: { "X-Own": "mine" },
      body: bytesOf("body"),
    });
    expect([response.status, textOf(response.body)]).toEqual([201, "got body"]);
    expect(response.headers).toContainEqual(["x-seen", "POST /path?query mine"]);
    expect(usages.map(({ bytesIn, bytesOut }) => [bytesIn, bytesOut])).toEqual([
      [0, 4],
      [8, 0],
      [0, 0],
    ]);
  });

  it("over TLS is not sent to a server that does not speak it", async () => {
    let requests = 0;
    const port = await httpServer((_request, response) => {
      requests += 1;
      response.end();
    });
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    expect(await codeOf(access.run({ kind: "http.request", url: `https://127.0.0.1:${port}/` }))).toBe("OSL_FAILED");
    expect(requests).toBe(0);
  });

  it("goes to a name by the address it was resolved to, under the name", async () => {
    const port = await httpServer((request, response) => response.end(request.headers.host));
    const { access, records } = sampleAccess(
      [
        { kind: "connect", target: `api.example.com:${port}` },
        { kind: "connect", target: `127.0.0.1:${port}` },
      ],
      { resolve: async () => ["127.0.0.1"] },
    );
    const { body } = await access.run({ kind: "http.request", url: `http://api.example.com:${port}/` });
    expect(textOf(body)).toBe(`api.example.com:${port}`);
    expect(records.map(({ resource, address }) => [resource, address])).toEqual([
      [`api.example.com:${port}`, undefined],
      [`api.example.com:${port}`, "127.0.0.1"],
    ]);
  });

  it("follows a redirect as a request of its own", async () => {
    const port = await httpServer((request, response) => {
      if (request.url === "/end") response.end("here");
      else response.writeHead(302, { location: "/end" }).end();
    });
    const { access, records } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const response = await access.run({ kind: "http.request", url: `http://127.0.0.1:${port}/` });
    expect([textOf(response.body), response.url]).toEqual(["here", `http://127.0.0.1:${port}/end`]);
    expect(records).toHaveLength(4);
  });
});

describe("a connection over TCP", () => {
  it("tells that the other side has said all as often as it is asked", async () => {
    const port = await tcpServer((socket) => socket.end("bye"));
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const connection = await access.run({ kind: "tcp.connect", host: "127.0.0.1", port });
    const said = [await connection.read(), await connection.read(), await connection.read()];
    expect(said.map((bytes) => bytes && textOf(bytes))).toEqual(["bye", undefined, undefined]);
  });

  it("carries bytes both ways until both sides have ended", async () => {
    const port = await tcpServer((socket) => socket.pipe(socket));
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const connection = await access.run({ kind: "tcp.connect", host: "127.0.0.1", port });
    await connection.write(bytesOf("echo"));
    expect(textOf((await connection.read()) ?? bytesOf(""))).toBe("echo");
    connection.end();
    expect(await connection.read()).toBeUndefined();
  });

  it("is closed when its actor stops", async () => {
    const { promise: accepted, resolve } = Promise.withResolvers<Socket>();
    const port = await tcpServer(resolve);
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const connection = await access.run({ kind: "tcp.connect", host: "127.0.0.1", port });
    const socket = await accepted;
    const closed = once(socket.resume(), "end");
    expect(access.open).toBe(1);
    await access[Symbol.asyncDispose]();
    await closed;
    expect(access.open).toBe(0);
    expect(await codeOf(connection.read())).toBe("OSL_CLOSED");
  });

  it("fails with what the system says when nobody listens", async () => {
    const port = await tcpServer(() => undefined);
    const { access } = sampleAccess([{ kind: "connect", target: "127.0.0.1:1" }]);
    expect(port).toBeGreaterThan(1);
    await expect(access.run({ kind: "tcp.connect", host: "127.0.0.1", port: 1 })).rejects.toMatchObject({
      code: "OSL_FAILED",
      systemCode: "ECONNREFUSED",
    });
    expect(access.open).toBe(0);
  });
});

describe("a datagram", () => {
  it("is sent to the address that was granted", async () => {
    const receiver = createSocket("udp4").bind(0, "127.0.0.1");
    await once(receiver, "listening");
    const { port } = receiver.address();
    const received = once(receiver, "message");
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    await access.run({ kind: "udp.send", host: "127.0.0.1", port, bytes: bytesOf("hello") });
    const [message] = (await received) as [Buffer];
    receiver.close();
    expect(message.toString()).toBe("hello");
  });
});

describe("a name", () => {
  it("is looked up by who may connect to it", async () => {
    const { access } = sampleAccess([{ kind: "connect", target: "api.example.com:443" }], {
      resolve: async () => ["93.184.215.14", "93.184.215.14"],
    });
    expect(await access.run({ kind: "dns.resolve", host: "api.example.com", port: 443 })).toEqual(["93.184.215.14"]);
    expect(await codeOf(access.run({ kind: "dns.resolve", host: "other.example.com", port: 443 }))).toBe("OSL_DENIED");
  });

  it("is looked up by the system unless something else is given", async () => {
    const { access } = sampleAccess([
      { kind: "connect", target: "localhost:80" },
      { kind: "connect", target: "127.0.0.1:80" },
      { kind: "connect", target: "[::1]:80" },
    ]);
    const found = await access.run({ kind: "dns.resolve", host: "localhost", port: 80 });
    expect(["127.0.0.1", "::1"]).toContain(found[0]);
  });
});
