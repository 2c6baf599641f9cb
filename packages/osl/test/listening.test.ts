import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { bytesOf, codeOf, sampleAccess, textOf } from "./sample-access.ts";
import { freePort, httpServer } from "./sample-server.ts";

describe("listening over TCP", () => {
  it("takes the connections of others, which carry bytes both ways", async () => {
    const port = await freePort();
    const { access, usages } = sampleAccess([{ kind: "listen", port }]);
    await using listener = await access.run({ kind: "tcp.listen", port });
    const client = connect(port, "127.0.0.1");
    onTestFinished(() => void client.destroy());
    client.write("hello");
    const connection = await listener.accept();
    expect(textOf((await connection.read()) ?? bytesOf(""))).toBe("hello");
    await connection.write(bytesOf("bye"));
    const [answer] = (await once(client, "data")) as [Buffer];
    expect(answer.toString()).toBe("bye");
    expect(usages.map(({ operation, bytesIn, bytesOut }) => [operation, bytesIn, bytesOut])).toEqual([
      ["tcp.listen", 0, 0],
      ["tcp.listen", 5, 0],
      ["tcp.listen", 0, 3],
    ]);
  });

  it("keeps what comes while nobody waits, and what it came too late for", async () => {
    const port = await freePort();
    const { access, clock } = sampleAccess([{ kind: "listen", port }]);
    await using listener = await access.run({ kind: "tcp.listen", port });
    const early = codeOf(listener.accept({ timeoutMs: 5 }));
    clock.pass(5);
    expect(await early).toBe("OSL_TIMEOUT");
    const clients = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
    onTestFinished(() => clients.forEach((client) => client.destroy()));
    const accepted = [await listener.accept(), await listener.accept()];
    expect(accepted.map(({ remoteAddress }) => remoteAddress.endsWith("127.0.0.1"))).toEqual([true, true]);
  });

  it("needs a grant of just that port, and no port is chosen", async () => {
    const port = await freePort();
    const { access, records } = sampleAccess([{ kind: "listen", port }]);
    expect(await codeOf(access.run({ kind: "tcp.listen", port: port - 1 }))).toBe("OSL_DENIED");
    expect(await codeOf(access.run({ kind: "tcp.listen", port: 0 }))).toBe("OSL_OPERATION_INVALID");
    expect(records.map(({ right, decision }) => [right, decision])).toEqual([["listen", "refused"]]);
  });

  it("holds no more than it may, and lets go of the port at its end, with those who wait", async () => {
    const port = await freePort();
    const { access } = sampleAccess([{ kind: "listen", port }], { limits: { open: 2 } });
    const listener = await access.run({ kind: "tcp.listen", port });
    const clients = Array.from({ length: 3 }, () => connect(port, "127.0.0.1"));
    // Whether they are told by an end or by a reset is the system's affair.
    const ends = clients.map((client) => {
      client.on("error", () => undefined).resume();
      return new Promise((resolve) => client.once("close", resolve));
    });
    await listener.accept();
    expect(await codeOf(listener.accept())).toBe("OSL_TOO_MANY_OPEN");
    expect(access.open).toBe(2);
    await access[Symbol.asyncDispose]();
    await Promise.all(ends);
    expect(await codeOf(listener.accept())).toBe("OSL_CLOSED");
    const next = createServer().listen(port);
    await once(next, "listening");
    next.close();
  });

  it("on a port that somebody has fails", async () => {
    const port = await freePort();
    const { access } = sampleAccess([{ kind: "listen", port }]);
    await using _ = await access.run({ kind: "tcp.listen", port });
    expect(await codeOf(access.run({ kind: "tcp.listen", port }))).toBe("OSL_FAILED");
    expect(access.open).toBe(1);
  });
});

describe("a socket for datagrams", () => {
  it("sends to whom it may, each time, and gets answers", async () => {
    const server = createSocket("udp4");
    onTestFinished(() => void server.close());
    server.bind(0, "127.0.0.1");
    await once(server, "listening");
    server.on("message", (bytes, { port, address }) => server.send(`got ${bytes.toString()}`, port, address));
    const { port } = server.address();
    const { access, grants } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    await using socket = await access.run({ kind: "udp.bind", port: 0 });
    await socket.send({ bytes: bytesOf("one"), host: "127.0.0.1", port });
    const { bytes, ...from } = await socket.receive();
    expect([textOf(bytes), from]).toEqual(["got one", { host: "127.0.0.1", port }]);
    grants.revoke({ kind: "connect", target: `127.0.0.1:${port}` });
    const again = socket.send({ bytes: bytesOf("two"), host: "127.0.0.1", port });
    expect(await codeOf(again)).toBe("OSL_DENIED");
  });

  it("receives on a port that it is granted, and counts what it cannot keep", async () => {
    const port = await freePort();
    const { access } = sampleAccess([{ kind: "listen", port }]);
    expect(await codeOf(access.run({ kind: "udp.bind", port: port - 1 }))).toBe("OSL_DENIED");
    await using socket = await access.run({ kind: "udp.bind", port });
    const client = createSocket("udp4");
    onTestFinished(() => void client.close());
    let sent = 0;
    // The system has no room for all of them at once.
    while (socket.dropped === 0) {
      client.send(String(sent), port, "127.0.0.1");
      sent += 1;
      // What has come is taken up in a turn of its own.
      await nextTurn();
    }
    expect(sent).toBeGreaterThan(256);
    const seen = [await socket.receive(), await socket.receive()].map(({ bytes }) => textOf(bytes));
    expect(seen).toEqual(["0", "1"]);
  });

  it("does not wait for ever, and not beyond its end", async () => {
    const { access, clock } = sampleAccess([]);
    const socket = await access.run({ kind: "udp.bind", port: 0 });
    const waiting = codeOf(socket.receive({ timeoutMs: 10 }));
    clock.pass(10);
    expect(await waiting).toBe("OSL_TIMEOUT");
    const cut = codeOf(socket.receive());
    await access[Symbol.asyncDispose]();
    expect(await cut).toBe("OSL_CLOSED");
    expect(await codeOf(socket.send({ bytes: bytesOf("x"), host: "127.0.0.1", port: 1 }))).toBe("OSL_CLOSED");
  });
});

describe("a request that follows a number of redirects", () => {
  it("gives the one after that as the answer", async () => {
    const port = await httpServer((request, response) => {
      const hop = Number(request.url?.slice(1));
      response.writeHead(302, { location: `/${hop + 1}` }).end(`hop ${hop}`);
    });
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const ask = (maxRedirects: number) =>
      access.run({ kind: "http.request", url: `http://127.0.0.1:${port}/0`, maxRedirects });
    expect([textOf((await ask(0)).body), textOf((await ask(2)).body)]).toEqual(["hop 0", "hop 2"]);
    expect(await codeOf(ask(6))).toBe("OSL_OPERATION_INVALID");
    const all = access.run({ kind: "http.request", url: `http://127.0.0.1:${port}/0` });
    expect(await codeOf(all)).toBe("OSL_REDIRECT_REFUSED");
  });

  it("takes no more of a response than is said", async () => {
    const port = await httpServer((_, response) => response.end("12345"));
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const url = `http://127.0.0.1:${port}/`;
    expect((await access.run({ kind: "http.request", url, mostResponseBytes: 5 })).status).toBe(200);
    const less = access.run({ kind: "http.request", url, mostResponseBytes: 4 });
    expect(await codeOf(less)).toBe("OSL_LIMIT_EXCEEDED");
  });
});
