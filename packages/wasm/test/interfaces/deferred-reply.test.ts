import { ActorStoppedError, type ActorRef } from "@airssys/rt";
import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { jsonPayload, parseJsonPayload, type ComponentMessage } from "../../src/index.ts";
import { callHost } from "../caller.ts";
import { rejection, Stage } from "../stage.ts";

/** Has the component put off the reply to this request, and tells the token it was given. */
async function putOff(
  stage: Stage,
  caller: ActorRef<ComponentMessage>,
): Promise<[asked: Promise<unknown>, token: string]> {
  const asked = caller.ask(jsonPayload({ call: "messaging.deferReply" }), { timeoutMs: 60_000 });
  await settled(stage.system);
  const latest = parseJsonPayload((await caller.ask(jsonPayload({ last: true }))) ?? new Uint8Array());
  return [asked, (latest as { ok: string }).ok];
}

describe("a reply that a component puts off", () => {
  it("is given later, while other messages are handled", async () => {
    const stage = new Stage();
    const caller = await stage.spawn("caller", { guest: "caller" });
    const [first, firstToken] = await putOff(stage, caller);
    const [second, secondToken] = await putOff(stage, caller);
    expect(await callHost(caller, "messaging.reply", secondToken, { tag: "ok", val: { text: "2" } })).toEqual({
      ok: null,
    });
    expect(await callHost(caller, "messaging.reply", firstToken, { tag: "ok", val: { text: "1" } })).toEqual({
      ok: null,
    });
    expect((await Promise.all([first, second])).map((reply) => parseJsonPayload(reply as Uint8Array))).toEqual([1, 2]);
  });

  it("may be an error", async () => {
    const stage = new Stage();
    const caller = await stage.spawn("caller", { guest: "caller" });
    const [asked, token] = await putOff(stage, caller);
    await callHost(caller, "messaging.reply", token, { tag: "err", val: { tag: "failed", val: "no luck" } });
    expect(await rejection(asked)).toMatchObject({
      code: "WASM_COMPONENT_REFUSED",
      answer: { tag: "failed", val: "no luck" },
    });
  });

  it("is given once, and to nobody who has stopped waiting", async () => {
    const stage = new Stage();
    const caller = await stage.spawn("caller", { guest: "caller" });
    const [asked, token] = await putOff(stage, caller);
    const refused = { err: { tag: "send-failed", val: expect.any(String) } };
    const reply = (to: string) => callHost(caller, "messaging.reply", to, { tag: "ok", val: { text: "1" } });
    expect(await reply(token)).toEqual({ ok: null });
    await asked;
    expect(await reply(token)).toEqual(refused);
    const [expiring, expired] = await putOff(stage, caller);
    const error = rejection(expiring);
    await stage.clock.advance(61_000);
    expect(await error).toMatchObject({ code: "RT_ASK_TIMEOUT" });
    expect(await reply(expired)).toEqual(refused);
    expect(await reply("made up")).toEqual(refused);
  });

  it("is put off in the handling of a request only, and once", async () => {
    const stage = new Stage();
    const caller = await stage.spawn("caller", { guest: "caller" });
    caller.tell(jsonPayload({ call: "messaging.deferReply" }));
    const latest = parseJsonPayload((await caller.ask(jsonPayload({ last: true }))) ?? new Uint8Array());
    expect(latest).toEqual({ err: { tag: "send-failed", val: expect.any(String) } });
  });

  it("ends with the instance: who asked hears of it at once", async () => {
    const stage = new Stage();
    const { ref } = await stage.supervise("caller", { guest: "caller" });
    const [asked] = await putOff(stage, ref);
    const error = rejection(asked);
    ref.tell(jsonPayload({ trap: true }));
    expect(await error).toBeInstanceOf(ActorStoppedError);
  });

  it("is one of a thousand at the most", async () => {
    const stage = new Stage();
    const caller = await stage.spawn("caller", { guest: "caller" });
    const asked: Promise<unknown>[] = [];
    for (let put = 0; put < 1000; put += 1) {
      asked.push(rejection(caller.ask(jsonPayload({ call: "messaging.deferReply" }), { timeoutMs: 60_000 })));
      if (put % 100 === 99) await settled(stage.system);
    }
    expect(await callHost(caller, "messaging.deferReply")).toEqual({
      err: { tag: "quota-exceeded", val: expect.any(String) },
    });
    await stage.system.shutdown();
    await Promise.all(asked);
  });
});
