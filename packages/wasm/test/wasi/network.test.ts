import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { httpServer } from "../../../osl/test/sample-server.ts";
import { waysToWait } from "../ways.ts";
import { Stranger, type StartStranger } from "./strangers.ts";

const loopback = Uint8Array.of(127, 0, 0, 1);

async function echoServer(): Promise<number> {
  const server = createServer((socket) => socket.on("error", () => undefined).pipe(socket)).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe.each(waysToWait())("a guest that uses the standard sockets, run %s", (_run, way) => {
  const start: StartStranger = (name, capabilities, access) => Stranger.start(name, capabilities, access, way);

  it("reaches by its name whom it was granted", async () => {
    const port = await echoServer();
    const outbound = [`echo.example.com:${port}`, `127.0.0.1:${port}`];
    const guest = await start("network", { network: { outbound } }, { resolve: async () => ["127.0.0.1"] });
    expect(await guest.ask("sockets", "echo.example.com", loopback, port)).toEqual([
      "create-udp-socket refused: not-supported",
      'resolve-addresses: "ip"',
      'create-tcp-socket: "ipv4"',
      "start-connect: done",
      "subscribe: done",
      "finish-connect: 2",
      "remote-address: [127,0,0,1]",
      "write: done",
      'read: "ping"',
      "shutdown: done",
    ]);
    expect(guest.refused).toEqual([]);
    expect(guest.granted).toContain(`connect echo.example.com:${port}`);
  });

  it("reaches no address that no granted name led it to", async () => {
    const port = await echoServer();
    const guest = await start("network", { network: { outbound: [`echo.example.com:${port}`] } });
    const lines = await guest.ask("sockets", "other.example.com", loopback, port);
    expect(lines).toContain("resolve-addresses refused: access-denied");
    expect(lines).toContain("finish-connect refused: access-denied");
    expect(guest.refused).toEqual([`connect other.example.com:443`, `connect 127.0.0.1:${port}`]);
  });

  it("reaches nothing inside by a granted name that leads there", async () => {
    const port = await echoServer();
    const network = { outbound: [`echo.example.com:${port}`] };
    const guest = await start("network", { network }, { resolve: async () => ["127.0.0.1"] });
    const lines = await guest.ask("sockets", "echo.example.com", loopback, port);
    expect(lines).toContain("resolve-addresses refused: access-denied");
    expect(lines).toContain("finish-connect refused: access-denied");
  });

  it("is denied everything when it is granted nothing", async () => {
    const guest = await start("network", {});
    expect(await guest.ask("sockets", "localhost", loopback, 80)).toContain("create-tcp-socket refused: access-denied");
    expect(await guest.ask("http", "example.com")).toContain("handle refused: HTTP-request-denied");
  });
});

describe.each(waysToWait())("a guest that uses the standard HTTP, run %s", (_run, way) => {
  const start: StartStranger = (name, capabilities, access) => Stranger.start(name, capabilities, access, way);

  it("sends its requests to whom it was granted", async () => {
    const port = await httpServer((message, response) => {
      message.on("data", (body: Buffer) => {
        response.writeHead(201, { "x-answer": String(message.headers["x-one"]) });
        response.end(`got ${body.toString()}`);
      });
    });
    const guest = await start("network", { network: { outbound: [`127.0.0.1:${port}`] } });
    expect(await guest.ask("http", `127.0.0.1:${port}`)).toEqual([
      "fields: 2",
      'request: ["post","HTTP","/path?query"]',
      "body: done",
      "handle: done",
      "status: 201",
      'headers: ["1"]',
      'content: "got question"',
    ]);
    expect(guest.granted).toContain(`connect 127.0.0.1:${port}`);
  });

  it.each(["169.254.169.254", "127.0.0.1:1", "granted.example.com.evil.net"])("is denied %s", async (authority) => {
    const guest = await start("network", { network: { outbound: ["granted.example.com:80"] } });
    expect(await guest.ask("http", authority)).toContain("handle refused: HTTP-request-denied");
    expect(guest.refused).toHaveLength(1);
  });

  it("gets redirects as answers", async () => {
    const port = await httpServer((_, response) =>
      response.writeHead(302, { location: "http://169.254.169.254/", "x-answer": "elsewhere" }).end("moved"),
    );
    const guest = await start("network", { network: { outbound: [`127.0.0.1:${port}`] } });
    expect(await guest.ask("http", `127.0.0.1:${port}`)).toContain("status: 302");
  });
});
