import { describe, expect, it } from "vitest";
import { freshEngine } from "../fixtures.ts";
import { fromTypeScript } from "./toolchains.ts";

const component = freshEngine().prepare(await fromTypeScript("network"));

describe("a guest without a network", () => {
  it("is linked, and denied", async () => {
    const instance = (await component).instantiate();
    expect(instance.call("sockets", ["localhost", Uint8Array.of(127, 0, 0, 1), 80])).toEqual({
      ok: true,
      value: [
        "create-udp-socket refused: access-denied",
        "resolve-addresses refused: access-denied",
        "create-tcp-socket refused: access-denied",
      ],
    });
    expect(instance.call("http", ["example.com"])).toEqual({
      ok: true,
      value: [
        "fields: 2",
        'request: ["post","HTTP","/path?query"]',
        "body: done",
        "handle refused: HTTP-request-denied",
      ],
    });
  });
});
