import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { redirected } from "../../src/network/redirect.ts";
import type { Resolve } from "../../src/index.ts";
import { bytesOf, codeOf, sampleAccess, textOf } from "../sample-access.ts";
import { httpServer } from "../sample-server.ts";

describe("an address that is always refused", () => {
  it.each([
    ["dotted", "169.254.169.254"],
    ["decimal", "2852039166"],
    ["hexadecimal", "0xa9fea9fe"],
    ["octal", "0251.0376.0251.0376"],
    ["hexadecimal parts", "0xa9.0xfe.0xa9.0xfe"],
    ["two parts", "169.16689662"],
    ["mapped into IPv6", "::ffff:169.254.169.254"],
    ["mapped, in groups", "::ffff:a9fe:a9fe"],
    ["behind a gateway", "64:ff9b::a9fe:a9fe"],
    ["by 6to4", "2002:a9fe:a9fe::1"],
    ["link-local", "fe80::1"],
    ["by name", "metadata.google.internal"],
  ])("is refused in each way of writing it: %s", async (_name, host) => {
    const url = `http://${host.includes(":") ? `[${host}]` : host}/latest/meta-data/`;
    const { access, grants } = sampleAccess([]);
    for (const target of ["169.254.169.254:80", "metadata.google.internal:80", "[fe80::1]:80"])
      grants.grant({ kind: "connect", target });
    expect(await codeOf(access.run({ kind: "http.request", url }))).toBe("OSL_DENIED");
    expect(await codeOf(access.run({ kind: "tcp.connect", host, port: 80 }))).toBe("OSL_DENIED");
    expect(await codeOf(access.run({ kind: "udp.send", host, port: 80, bytes: bytesOf("x") }))).toBe("OSL_DENIED");
  });

  it.each([
    ["a zone", "fe80::1%eth0"],
    ["full-width digits", "１69.254.169.254"],
    ["a line end", "127.0.0.1\r\nx"],
    ["a slash", "127.0.0.1/x"],
    ["nothing", ""],
  ])("is not reached by a host that is none: %s", async (_name, host) => {
    const { access } = sampleAccess([{ kind: "connect", target: "127.0.0.1:80" }]);
    expect(["OSL_DENIED", "OSL_OPERATION_INVALID"]).toContain(
      await codeOf(access.run({ kind: "tcp.connect", host, port: 80 })),
    );
  });

  it.each([
    ["loopback", "127.0.0.1"],
    ["loopback in IPv6", "::1"],
    ["loopback mapped", "::ffff:127.0.0.1"],
    ["private", "10.0.0.1"],
    ["this host", "0.0.0.0"],
    ["link-local", "169.254.10.10"],
    ["metadata", "169.254.169.254"],
    ["unique local", "fd00::1"],
  ])("is not reached by a granted name that resolves to it: %s", async (_name, address) => {
    const { access, records } = sampleAccess([{ kind: "connect", target: "api.example.com:80" }], {
      resolve: async () => ["93.184.215.14", address],
    });
    expect(await codeOf(access.run({ kind: "http.request", url: "http://api.example.com/" }))).toBe("OSL_DENIED");
    expect(records.at(-1)).toMatchObject({ address, decision: "refused" });
  });

  it.each([
    ["another name", ["localhost"]],
    ["a number", ["2130706433"]],
    ["a zone", ["fe80::1%lo"]],
    ["nothing", []],
  ])("is not reached by a resolver that answers with %s", async (_name, answer) => {
    const { access } = sampleAccess([{ kind: "connect", target: "api.example.com:80" }], {
      resolve: async () => answer,
    });
    expect(await codeOf(access.run({ kind: "tcp.connect", host: "api.example.com", port: 80 }))).toBe("OSL_FAILED");
  });

  it("is not reached by a resolver that answers without end", async () => {
    const answer = Array.from({ length: 33 }, (_, index) => `93.184.215.${index}`);
    const { access } = sampleAccess([{ kind: "connect", target: "api.example.com:80" }], {
      resolve: async () => answer,
    });
    expect(await codeOf(access.run({ kind: "tcp.connect", host: "api.example.com", port: 80 }))).toBe(
      "OSL_LIMIT_EXCEEDED",
    );
  });
});

describe("a name that is bound anew between the check and the connection", () => {
  it("leads to the address that was checked, as it is looked up once", async () => {
    const port = await httpServer((_request, response) => response.end("checked"));
    const answers = ["127.0.0.1", "169.254.169.254"];
    const resolve: Resolve = async () => [answers.shift() ?? "169.254.169.254"];
    const { access } = sampleAccess(
      [
        { kind: "connect", target: `api.example.com:${port}` },
        { kind: "connect", target: `127.0.0.1:${port}` },
      ],
      { resolve },
    );
    const url = `http://api.example.com:${port}/`;
    expect(textOf((await access.run({ kind: "http.request", url })).body)).toBe("checked");
    expect(answers).toEqual(["169.254.169.254"]);
    expect(await codeOf(access.run({ kind: "http.request", url }))).toBe("OSL_DENIED");
  });
});

describe("a redirect", () => {
  it.each([
    ["metadata", "http://169.254.169.254/latest/", "OSL_DENIED"],
    ["metadata in decimal", "http://2852039166/", "OSL_DENIED"],
    ["metadata without a scheme", "//169.254.169.254/", "OSL_DENIED"],
    ["another port", "http://127.0.0.1:1/", "OSL_DENIED"],
    ["another host", "http://evil.example.com/", "OSL_DENIED"],
    ["a file", "file:///etc/passwd", "OSL_REDIRECT_REFUSED"],
    ["another scheme", "gopher://127.0.0.1/", "OSL_REDIRECT_REFUSED"],
    ["a user", "http://user:secret@127.0.0.1/", "OSL_REDIRECT_REFUSED"],
    ["no address", "http://[", "OSL_REDIRECT_REFUSED"],
    ["itself, without end", "/", "OSL_REDIRECT_REFUSED"],
  ])("is refused to %s", async (_name, location, code) => {
    const port = await httpServer((_request, response) => response.writeHead(302, { location }).end());
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    expect(await codeOf(access.run({ kind: "http.request", url: `http://127.0.0.1:${port}/` }))).toBe(code);
  });

  it("is refused from https to http", () => {
    const location = ["location", "http://api.example.com/"] as const;
    const url = "https://api.example.com/";
    const response = { status: 302, headers: [location], body: new Uint8Array(), url };
    expect(() => redirected({ kind: "http.request", url }, response)).toThrow(
      expect.objectContaining({ code: "OSL_REDIRECT_REFUSED" }) as Error,
    );
  });

  it.each([
    ["POST", 302, "GET"],
    ["POST", 303, "GET"],
    ["PUT", 303, "GET"],
    ["PUT", 302, "PUT"],
    ["POST", 308, "POST"],
    ["HEAD", 303, "HEAD"],
  ] as const)("makes of %s after %d a %s, which has a body only if it is the same", (method, status, becomes) => {
    const url = "https://api.example.com/";
    const response = { status, headers: [["location", "/b"]] as const, body: new Uint8Array(), url };
    const body = bytesOf("x");
    const next = redirected({ kind: "http.request", url, method, body }, response);
    expect(next).toMatchObject({ method: becomes, url: "https://api.example.com/b" });
    expect(next?.body).toBe(becomes === method ? body : undefined);
  });

  it("takes no credentials to another origin", async () => {
    const seen: (readonly (string | undefined)[])[] = [];
    const second = await httpServer(({ headers }, response) => {
      seen.push([headers.authorization, headers.cookie, headers["x-kept"] as string]);
      response.end();
    });
    const first = await httpServer((_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${second}/` }).end(),
    );
    const { access } = sampleAccess([
      { kind: "connect", target: `127.0.0.1:${first}` },
      { kind: "connect", target: `127.0.0.1:${second}` },
    ]);
    await access.run({
      kind: "http.request",
      url: `http://127.0.0.1:${first}/`,
      headers: { Authorization: "Bearer secret", COOKIE: "id=1", "x-kept": "yes" },
    });
    expect(seen).toEqual([[undefined, undefined, "yes"]]);
  });
});

describe("a request that would be read as two", () => {
  it.each([
    ["a line end in a value", { headers: { "x-a": "b\r\nHost: evil" } }],
    ["a bare line feed", { headers: { "x-a": "b\nc" } }],
    ["NUL in a value", { headers: { "x-a": "b\0" } }],
    ["more than a byte for a letter", { headers: { "x-a": "\u010D\u010A" } }],
    ["a line end in a name", { headers: { "x-a: b\r\nx-c": "d" } }],
    ["a space in a name", { headers: { "x-a ": "d" } }],
    ["a name twice", { headers: { "X-A": "1", "x-a": "2" } }],
    ["another host", { headers: { Host: "evil" } }],
    ["a length", { headers: { "Content-Length": "0" } }],
    ["an encoding of the transfer", { headers: { "Transfer-Encoding": "chunked" } }],
    ["an upgrade", { headers: { Connection: "Upgrade" } }],
    ["a way over a proxy", { headers: { "Proxy-Authorization": "x" } }],
    ["a line end in the address", { url: "/a\r\nX: y" }],
    ["a method with a line end", { method: "GET / HTTP/1.1\r\nX:" as "GET" }],
    ["a method for a tunnel", { method: "CONNECT" as "GET" }],
    ["a body with GET", { method: "GET", body: bytesOf("GET / HTTP/1.1\r\n\r\n") }],
  ] as const)("is not sent: %s", async (_name, wrong) => {
    let requests = 0;
    const port = await httpServer((_request, response) => {
      requests += 1;
      response.end();
    });
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const url = `http://127.0.0.1:${port}${"url" in wrong ? wrong.url : "/"}`;
    expect(await codeOf(access.run({ kind: "http.request", ...wrong, url }))).toBe("OSL_OPERATION_INVALID");
    expect(requests).toBe(0);
  });

  it("is not sent: a user in the address", async () => {
    const { access } = sampleAccess([{ kind: "connect", target: "evil.example.com:80" }]);
    const url = "http://api.example.com@evil.example.com/";
    expect(await codeOf(access.run({ kind: "http.request", url }))).toBe("OSL_OPERATION_INVALID");
  });
});

describe("a response that is hostile", () => {
  it.each([
    ["has a body without end", "HTTP/1.1 200 OK\r\n\r\n", "OSL_LIMIT_EXCEEDED"],
    ["promises more than it may", "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", "OSL_LIMIT_EXCEEDED"],
    ["has headers without end", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(10_000)}`, "OSL_FAILED"],
    ["has two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "OSL_FAILED"],
    ["changes the protocol", "HTTP/1.1 101 Go\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", "OSL_FAILED"],
    ["is no HTTP", "220 mail ready\r\n", "OSL_FAILED"],
  ])("is given up: one that %s", async (_name, start, code) => {
    const server = createServer();
    server.on("connection", (socket) => {
      socket.removeAllListeners("data");
      socket.on("error", () => undefined);
      socket.write(start);
      const more = (): void => {
        if (!socket.destroyed) socket.write("y".repeat(65_536), more);
      };
      more();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }], {
      limits: { responseBytes: 1_000_000 },
    });
    expect(await codeOf(access.run({ kind: "http.request", url: `http://127.0.0.1:${port}/` }))).toBe(code);
  });

  it("is given up: one that unpacks to more than it may is not unpacked", async () => {
    const port = await httpServer((_request, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(Buffer.alloc(100)),
    );
    const { access } = sampleAccess([{ kind: "connect", target: `127.0.0.1:${port}` }]);
    const { body } = await access.run({ kind: "http.request", url: `http://127.0.0.1:${port}/` });
    expect(body).toHaveLength(100);
  });
});
