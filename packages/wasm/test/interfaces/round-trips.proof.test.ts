// Messages that go through several components, and what befalls them on the way.
import { Probe, settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { perform, rejection, script, Stage, textOf } from "../stage.ts";

const soon = { backoff: { minMs: 10, maxMs: 10, jitter: 0 } };

function never(): Promise<void> {
  return Promise.withResolvers<void>().promise;
}

async function restarted(stage: Stage): Promise<void> {
  await stage.events.next("restart-delayed");
  await stage.clock.advance(10);
  await stage.events.next("actor-restarted");
}

describe("a request", () => {
  it("goes from one component to the next, whatever they are written in, and the replies come back", async () => {
    const stage = new Stage();
    const last = await stage.spawn("last", { guest: "mirror-typescript", storage: ["shelf"] });
    const middle = await stage.spawn("middle", { config: { at_callback: "reply from the middle", codecs: "" } });
    const first = await stage.spawn("first", { config: { at_callback: "report test.done", codecs: "" } });
    const done = new Probe<Uint8Array>(stage.system);
    stage.system.broker.subscribe("test.done", done.ref);
    await perform(first, "request test/middle 5000 defer;request test/last 1000 hello");
    await done.next();
    expect(await perform(first, "callbacks")).toEqual(["request-1 reply from the middle"]);
    expect(await perform(middle, "callbacks")).toEqual(["request-1 reply heard hello"]);
    expect(textOf(await last.ask(script("told")))).toContain("handle-message hello; sender some test/middle@1.0.0;");
  });

  it("that its receiver crashes on ends at once, and its successor answers those behind it", async () => {
    const stage = new Stage();
    await stage.supervise("receiver", { supervision: soon });
    const asker = await stage.spawn("asker");
    await perform(
      asker,
      "request test/receiver 100000 defer",
      "request test/receiver 100000 trap",
      "request test/receiver 100000 count",
    );
    await restarted(stage);
    await settled(stage.system);
    await perform(asker, "request test/receiver 100000 count");
    await settled(stage.system);
    const failed = "send-failed: the receiver crashed, stopped or refused";
    const callbacks = await perform(asker, "callbacks");
    expect(callbacks.toSorted()).toEqual([
      `request-1 ${failed}`,
      `request-2 ${failed}`,
      "request-3 reply 1",
      "request-4 reply 2",
    ]);
    expect(stage.system.deadLetters.list().map(({ reason }) => reason)).toEqual(["crashed", "stopped"]);
  });

  it("that has timed out has called back: a late reply does not, and is refused to who gives it", async () => {
    const stage = new Stage();
    const slow = await stage.spawn("slow");
    const asker = await stage.spawn("asker");
    await perform(asker, "request test/slow 1000 defer");
    await settled(stage.system);
    await stage.clock.advance(1100);
    expect(await perform(slow, "reply too late")).toEqual([expect.stringMatching(/^send-failed: /)]);
    await settled(stage.system);
    expect(await perform(asker, "callbacks")).toEqual(["request-1 timeout: no reply before the deadline"]);
  });

  it("that was cancelled does not call back: its reply goes nowhere", async () => {
    const stage = new Stage();
    const slow = await stage.spawn("slow");
    const asker = await stage.spawn("asker");
    await perform(asker, "request test/slow 1000 defer");
    await settled(stage.system);
    expect(await perform(asker, "cancel request-1")).toEqual(["true"]);
    await perform(slow, "reply in vain");
    await settled(stage.system);
    await stage.clock.advance(5000);
    expect(await perform(asker, "callbacks")).toEqual(["none"]);
  });
});

describe("a subscriber that crashes", () => {
  it("loses the event at hand as a dead letter, and no other does; its successor hears the next", async () => {
    const stage = new Stage();
    const config = { at_init: "subscribe news", codecs: "" };
    const { ref: fragile } = await stage.supervise("fragile", { config, supervision: soon });
    const other = await stage.spawn("other", { guest: "mirror-assemblyscript", storage: ["shelf"] });
    await other.ask(script("messaging.subscribe|news"));
    const publisher = await stage.spawn("publisher");
    // Not the bare word, at which the other would crash as well.
    expect(await perform(publisher, "publish news silence;trap", "publish news count")).toEqual(["2", "2"]);
    await restarted(stage);
    await settled(stage.system);
    expect(stage.system.deadLetters.list()).toMatchObject([
      { reason: "crashed", recipient: fragile.path, envelope: { topic: "news", sender: "test/publisher" } },
    ]);
    expect(await perform(fragile, "count")).toEqual(["2"]);
    expect(await perform(publisher, "publish news count")).toEqual(["2"]);
    await settled(stage.system);
    expect(await perform(fragile, "count")).toEqual(["4"]);
    const heard = textOf(await other.ask(script("told"))).split("\n");
    expect(heard.filter((line) => line.includes("topic some news"))).toHaveLength(3);
  });
});

describe("a message that is wrong in every way", () => {
  it("is refused for its codec, the sender's grant, the receiver's, its codecs, size, rate and mailbox, in this order", async () => {
    const stage = new Stage();
    const small = { maxBytes: 524_288 };
    const receiveFrom = ["test/friend"];
    await stage.spawn("choosy", { ...small, messaging: { subscribe: ["#"], receiveFrom }, config: { codecs: "81" } });
    await stage.spawn("reader", { ...small, config: { codecs: "81" } });
    await stage.spawn("small", small);
    const full = stage.system.spawn<Uint8Array>(() => ({ receive: never }), { mailbox: { capacity: 1 } });
    stage.system.registry.register("test/full", full);
    full.tell(script("at hand"));
    await settled(stage.system);
    full.tell(script("waiting"));

    const sender = await stage.spawn("sender", { messaging: { send: ["test/*"] }, messagesPerSecond: 1 });
    const unknown = 7;
    const raw = 85;
    // What is refused for any of these was not sent, and does not count for the rate.
    expect(
      await perform(
        sender,
        `send-bytes shop/desk 70000 ${unknown}`,
        `send-bytes shop/desk 70000 ${raw}`,
        `send-bytes test/choosy 70000 ${raw}`,
        `send-bytes test/reader 70000 ${raw}`,
        `send-bytes test/small 70000 ${raw}`,
        "send test/small silence",
        `send-bytes test/full 1048577 ${raw}`,
        "send test/full too soon",
      ),
    ).toEqual([
      "unsupported-codec: a payload begins with a multicodec prefix",
      "not-permitted: test/sender may not send to shop/desk",
      "not-permitted: test/choosy does not receive from test/sender",
      "unsupported-codec: test/reader does not understand raw",
      "payload-too-large: test/small has no room for 70000 bytes",
      "ok",
      "payload-too-large: larger than the broker takes",
      "quota-exceeded: faster than the message rate granted",
    ]);
    await stage.clock.advance(1000);
    expect(await perform(sender, "send test/full no room")).toEqual(["mailbox-full: the receiver's mailbox is full"]);
  });
});

describe("a component that crashes while others wait for it", () => {
  it("leaves no asker without an answer", async () => {
    const stage = new Stage();
    const { ref } = await stage.supervise("receiver", { supervision: soon });
    const asked = [rejection(ref.ask(script("trap"))), perform(ref, "count"), perform(ref, "count")];
    await restarted(stage);
    expect(await Promise.all(asked)).toMatchObject([{ code: "RT_ACTOR_CRASHED" }, ["1"], ["2"]]);
  });
});
