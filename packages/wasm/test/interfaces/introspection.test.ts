import { describe, expect, it } from "vitest";
import { callHost } from "../caller.ts";
import { Stage } from "../stage.ts";

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
