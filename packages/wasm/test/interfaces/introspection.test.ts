import { describe, expect, it } from "vitest";
import { callHost } from "../caller.ts";
import { guest } from "../guests.ts";
import { manifestFor, Stage } from "../stage.ts";

describe("granted", () => {
  it("is all that was granted to the component that asks", async () => {
    const stage = new Stage();
    const messaging = { send: ["shop/*"], publish: ["orders.#"], subscribe: [], receiveFrom: ["*/*"] };
    const caller = await stage.spawn("caller", { guest: "caller", messaging, storage: ["orders", "days"] });
    expect(await callHost(caller, "introspection.granted")).toEqual({
      ok: {
        files: [],
        outbound: [],
        inbound: [],
        storage: ["orders", "days"],
        messaging: [
          { action: "send", patterns: ["shop/*"] },
          { action: "publish", patterns: ["orders.#"] },
          { action: "subscribe", patterns: [] },
          { action: "receive-from", patterns: ["*/*"] },
        ],
        programs: [],
        environment: [],
      },
    });
  });
});

describe("what was granted of things that this host has no functions for", () => {
  it("is told as it is, and so is what is never granted", async () => {
    const stage = new Stage();
    const capabilities = {
      filesystem: { read: ["/data/**", "/etc/**"], write: ["/data/out/*"] },
      network: { outbound: ["*.example.com:443"], inbound: [8080] },
      process: { spawn: ["/usr/bin/convert"] },
      environment: { variables: ["LANG"] },
    };
    const manifest = manifestFor("caller", {});
    const component = await stage.host.install({
      manifest: { ...manifest, capabilities: { ...manifest.capabilities, ...capabilities } },
      artifact: await guest("caller"),
    });
    const caller = stage.system.spawn(component.start);
    expect(await callHost(caller, "introspection.granted")).toMatchObject({
      ok: {
        files: [
          { action: "read", paths: ["/data/**", "/etc/**"] },
          { action: "write", paths: ["/data/out/*"] },
        ],
        outbound: ["*.example.com:443"],
        programs: ["/usr/bin/convert"],
        environment: ["LANG"],
      },
    });
    const check = (tag: string, val: unknown) => callHost(caller, "introspection.check", { tag, val });
    for (const [tag, val] of [
      ["file", ["read", "/data/in/a"]],
      ["file", ["write", "/data/out/a"]],
      ["connect", "a.example.com:443"],
      ["listen", 8080],
      ["spawn", "/usr/bin/convert"],
      ["environment", "LANG"],
    ] as const)
      expect([tag, await check(tag, val)]).toEqual([tag, { ok: { tag: "granted" } }]);
    for (const [tag, val] of [
      ["file", ["read", "/etc/shadow"]],
      ["file", ["read", "/data/../etc/hosts"]],
      ["file", ["write", "/data/in/a"]],
      ["file", ["delete", "/data/out/a"]],
      ["connect", "example.com:443"],
      ["listen", 80],
    ] as const)
      expect([tag, await check(tag, val)]).toEqual([tag, { ok: { tag: "denied", val: expect.any(String) } }]);
  });
});

describe("check", () => {
  const granted = { ok: { tag: "granted" } };
  const denied = { ok: { tag: "denied", val: expect.any(String) } };

  it("says what would be granted, without doing it", async () => {
    const stage = new Stage();
    const messaging = { send: ["shop/*"], publish: ["orders.#"], subscribe: ["news.*"], receiveFrom: ["bank/teller"] };
    const caller = await stage.spawn("caller", { guest: "caller", messaging, storage: ["orders"] });
    const check = (tag: string, val: unknown) => callHost(caller, "introspection.check", { tag, val });
    for (const allowed of [
      ["send", "shop/desk"],
      ["publish", "orders.paid.today"],
      ["subscribe", "news.today"],
      ["receive-from", "bank/teller"],
    ])
      expect(await check("messaging", allowed)).toEqual(granted);
    expect(await check("storage", "orders")).toEqual(granted);
    for (const forbidden of [
      ["send", "bank/teller"],
      ["publish", "news.today"],
      ["subscribe", "news.today.late"],
      ["receive-from", "shop/desk"],
    ])
      expect(await check("messaging", forbidden)).toEqual(denied);
    for (const [tag, val] of [
      ["file", ["read", "/etc/passwd"]],
      ["connect", "example.com:443"],
      ["listen", 80],
      ["storage", "days"],
      ["spawn", "/bin/true"],
      ["environment", "HOME"],
    ] as const)
      expect(await check(tag, val)).toEqual(denied);
  });
});
