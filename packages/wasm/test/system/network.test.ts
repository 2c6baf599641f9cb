import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { waysToWait } from "../ways.ts";
import { freePort, httpServer, tcpServer } from "../../../osl/test/sample-server.ts";
import { bytes, Operating } from "./operating.ts";

const request = (url: string, more: object = {}): object => ({
  method: "GET",
  url,
  headers: [],
  body: bytes(""),
  timeoutMillis: 10_000,
  maxRedirects: 3,
  ...more,
});

function noSuchName(): Promise<readonly string[]> {
  return Promise.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
}

describe.each(waysToWait())("the network, run %s", (_, way) => {
  it("carries requests to servers that are granted, and their answers", async () => {
    const port = await httpServer((message, response) => {
      message.on("data", (body: Buffer) => {
        response.writeHead(418, { "x-seen": `${message.method} ${message.headers["x-own"] as string}` });
        response.end(`got ${body.toString()}`);
      });
    });
    const operator = await Operating.start({ network: { outbound: [`127.0.0.1:${port}`] } }, {}, way);
    const posted = request(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: [["x-own", "mine"]],
      body: bytes("body"),
    });
    const outcome = await operator.call("http.request", posted);
    expect(outcome).toMatchObject({ ok: { status: 418, body: bytes("got body") } });
    expect(outcome).toHaveProperty("ok.headers", expect.arrayContaining([["x-seen", "POST mine"]]));
  });

  it("carries bytes over connections, and what comes too late for one wait comes with the next", async () => {
    const port = await tcpServer((socket) => socket.on("data", (data) => setImmediate(() => socket.write(data))));
    const operator = await Operating.start({ network: { outbound: [`127.0.0.1:${port}`] } }, {}, way);
    await operator.do({ call: "Connection.connect", args: ["127.0.0.1", port, 10_000], keep: "c" });
    expect(await operator.call("c.peer")).toEqual({ ok: ["127.0.0.1", port] });
    const early = operator.call("c.receive", 10, 50);
    await operator.stage.armed(50);
    await operator.stage.clock.advance(50);
    expect(await early).toMatchObject({ err: { tag: "timeout" } });
    await operator.call("c.send", bytes("hello"));
    expect(await operator.call("c.receive", 2, 10_000)).toEqual({ ok: bytes("he") });
    expect(await operator.call("c.receive", 100, 10_000)).toEqual({ ok: bytes("llo") });
  });

  it("brings connections from others to a port that is granted", async () => {
    const port = await freePort();
    const operator = await Operating.start({ network: { inbound: [port] } }, {}, way);
    await operator.do({ call: "Listener.listen", args: [port], keep: "l" });
    const client = connect(port, "127.0.0.1");
    onTestFinished(() => void client.destroy());
    client.end("hello");
    await operator.do({ call: "l.accept", args: [10_000], keep: "c" });
    expect(await operator.call("c.receive", 10, 10_000)).toEqual({ ok: bytes("hello") });
    expect(await operator.call("c.receive", 10, 10_000)).toEqual({ ok: bytes("") });
    expect(await operator.call("Listener.listen", port + 1)).toMatchObject({ err: { tag: "not-permitted" } });
  });

  it("carries datagrams, and names are looked up", async () => {
    const server = createSocket("udp4");
    onTestFinished(() => void server.close());
    server.bind(0, "127.0.0.1");
    await once(server, "listening");
    server.on("message", (data, { port, address }) => server.send(`got ${data.toString()}`, port, address));
    const { port } = server.address();
    const outbound = [`127.0.0.1:${port}`, `echo.example.com:${port}`];
    const operator = await Operating.start({ network: { outbound } }, { resolve: async () => ["127.0.0.1"] }, way);
    await operator.do({ call: "Socket.bind", args: [0], keep: "s" });
    await operator.call("s.send", { bytes: bytes("one"), host: "echo.example.com", port });
    expect(await operator.call("s.receive", 10_000)).toMatchObject({
      ok: { bytes: bytes("got one"), host: "127.0.0.1", port },
    });
    expect(await operator.call("dns.resolve", "echo.example.com", port)).toEqual({ ok: ["127.0.0.1"] });
    expect(await operator.call("dns.resolve", "echo.example.com", port + 1)).toMatchObject({
      err: { tag: "not-permitted" },
    });
  });
});

describe("what goes wrong on the network", () => {
  it.each([
    ["invalid-request", { method: "TRACE" }],
    ["invalid-request", { headers: [["host", "elsewhere"]] }],
    [
      "invalid-request",
      {
        headers: [
          ["a", "1"],
          ["a", "2"],
        ],
      },
    ],
    ["invalid-request", { headers: [["a", "1\r\nb: 2"]] }],
    ["invalid-request", { headers: [["__proto__", "x y\n"]] }],
    ["invalid-request", { body: bytes("with GET") }],
    ["invalid-request", { timeoutMillis: 0 }],
    ["invalid-request", { timeoutMillis: 300_001 }],
    ["invalid-request", { maxRedirects: 11 }],
    ["connection-closed", { url: "/cut" }],
    ["too-large", { url: "/large" }],
  ] as const)("is told as %s: %j", async (tag, more) => {
    const port = await httpServer((message, response) => {
      if (message.url === "/cut") message.socket.destroy();
      else response.end(new Uint8Array(message.url === "/large" ? 1_048_577 : 1));
    });
    const network = { outbound: [`127.0.0.1:${port}`] };
    const operator = await Operating.start({ network }, { limits: { redirects: 20 } });
    const url = `http://127.0.0.1:${port}${"url" in more ? more.url : "/"}`;
    expect(await operator.call("http.request", request(url, { ...more, url }))).toMatchObject({ err: { tag } });
  });

  it("is told as connection-refused and name-not-resolved where that is so", async () => {
    const port = await freePort();
    const network = { outbound: [`127.0.0.1:${port}`, `gone.example.com:${port}`] };
    const operator = await Operating.start({ network }, { resolve: noSuchName });
    const connecting = (host: string) => operator.call("Connection.connect", host, port, 10_000);
    expect(await connecting("127.0.0.1")).toMatchObject({ err: { tag: "connection-refused" } });
    expect(await connecting("gone.example.com")).toMatchObject({ err: { tag: "name-not-resolved" } });
  });

  it("ends a request at its time, by the clock of the system", async () => {
    const port = await httpServer(() => undefined);
    const operator = await Operating.start({ network: { outbound: [`127.0.0.1:${port}`] } });
    const asked = operator.call("http.request", request(`http://127.0.0.1:${port}/`, { timeoutMillis: 700 }));
    await operator.stage.armed(700);
    await operator.stage.clock.advance(700);
    expect(await asked).toMatchObject({ err: { tag: "timeout" } });
  });
});

describe("an attack over the network", () => {
  it.each([
    ["the metadata of a cloud", "http://169.254.169.254/latest/meta-data/"],
    ["the same as a number", "http://2852039166/latest/meta-data/"],
    ["the same in hexadecimal", "http://0xa9fea9fe/"],
    ["the same in octal", "http://0251.0376.0251.0376/"],
    ["the same as IPv6", "http://[::ffff:169.254.169.254]/"],
    ["by its name", "http://metadata.google.internal/"],
    ["loopback", "http://127.0.0.1/"],
    ["loopback, shortened", "http://127.1/"],
    ["loopback as a number", "http://2130706433/"],
    ["loopback as IPv6", "http://[::1]/"],
    ["everything and nothing", "http://0.0.0.0/"],
    ["another port", "http://granted.example.com:81/"],
    ["a name that begins like it", "http://granted.example.com.evil.net/"],
    ["a name that ends like it", "http://notgranted.example.com/"],
    ["a user that looks like it", "http://granted.example.com@evil.net/"],
    ["a file", "file:///etc/passwd"],
    ["another protocol", "gopher://granted.example.com:80/"],
  ])("on %s is refused, and the operator sees it", async (_, url) => {
    const network = { outbound: ["granted.example.com:80"] };
    const operator = await Operating.start({ network }, { resolve: async () => ["93.184.216.34"] });
    const outcome = await operator.call("http.request", request(url));
    expect(outcome).toMatchObject({ err: { tag: expect.stringMatching(/^(not-permitted|invalid-request)$/) } });
    expect(operator.refused).toHaveLength(1);
    expect(operator.granted).toEqual([]);
  });

  it.each([
    ["inside", "10.0.0.7"],
    ["at home", "127.0.0.1"],
    ["the metadata of a cloud", "169.254.169.254"],
    ["link-local", "fe80::1"],
  ])("by a granted name that leads %s is refused for the address", async (_, address) => {
    const network = { outbound: ["granted.example.com:80"] };
    const operator = await Operating.start({ network }, { resolve: async () => ["93.184.216.34", address] });
    const outcome = await operator.call("http.request", request("http://granted.example.com/"));
    expect(outcome).toMatchObject({ err: { tag: "not-permitted" } });
    expect(operator.refused).toEqual([`connect granted.example.com:80 ${address}`]);
  });

  it("over a redirect to where it may not go is refused there", async () => {
    const port = await httpServer((_, response) =>
      response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data/" }).end(),
    );
    const operator = await Operating.start({ network: { outbound: [`127.0.0.1:${port}`] } });
    const outcome = await operator.call("http.request", request(`http://127.0.0.1:${port}/`));
    expect(outcome).toMatchObject({ err: { tag: "not-permitted" } });
    expect(operator.refused).toEqual(["connect 169.254.169.254:80"]);
  });

  it("on a port that is always refused is refused", async () => {
    const operator = await Operating.start({ network: { inbound: [8080] } });
    expect(await operator.call("Listener.listen", 5432)).toMatchObject({ err: { tag: "not-permitted" } });
    expect(operator.refused).toEqual(["listen 5432"]);
  });

  it("by datagram to whom it may not reach is refused", async () => {
    const operator = await Operating.start({ network: { outbound: ["127.0.0.1:9"] } });
    await operator.do({ call: "Socket.bind", args: [0], keep: "s" });
    const sent = await operator.call("s.send", { bytes: bytes("x"), host: "169.254.169.254", port: 53 });
    expect(sent).toMatchObject({ err: { tag: "not-permitted" } });
    expect(operator.refused).toEqual(["connect 169.254.169.254:53"]);
  });
});
