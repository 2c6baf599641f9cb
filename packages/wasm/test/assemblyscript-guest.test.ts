// What the library of @airssys/guest makes of the host's functions; what these do is tested with each interface.
import { settled } from "@airssys/testkit";
import { describe, expect, it } from "vitest";
import { perform, rejection, script, Stage, textOf } from "./stage.ts";

describe("a component in AssemblyScript", () => {
  it("sees who is here", async () => {
    const stage = new Stage();
    await stage.spawn("other", { config: { codecs: "85 512" } });
    const puppet = await stage.spawn("puppet", { messaging: { send: ["test/other"] } });
    expect(await perform(puppet, "components", "entry test/other", "entry test/puppet")).toEqual([
      "other",
      "other@1.0.0 script 85,512 true",
      "none",
    ]);
  });

  it("reports numbers", async () => {
    const stage = new Stage();
    await perform(await stage.spawn("puppet"), "count-metric orders book 2.5", "count-metric orders book 1");
    expect(stage.host.metrics.series()).toMatchObject([
      { kind: "counter", name: "orders", labels: [["kind", "book"]], value: 3.5 },
      { kind: "gauge", name: "gauge", value: 1.5 },
      { kind: "histogram", name: "histogram", count: 2, sum: 60 },
    ]);
  });

  it("asks what it may do", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet", { messaging: { send: ["shop/*", "bank/teller"], publish: ["a.#"] } });
    expect(
      await perform(
        puppet,
        "granted",
        "may-send shop/desk",
        "may-send test/me",
        "may-read /etc",
        "may-listen 80",
        "may-connect a:1",
      ),
    ).toEqual([
      "0:shop/*,bank/teller 1:a.# 2: 3:",
      "yes",
      expect.stringMatching(/^no: .*send/),
      expect.stringMatching(/^no: .*file/),
      expect.stringMatching(/^no: .*listen/),
      expect.stringMatching(/^no: .*connect/),
    ]);
  });

  it("puts off replies", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    const first = puppet.ask(script("defer"));
    await settled(stage.system);
    expect(await perform(puppet, "reply in the end", "reply again")).toEqual([
      "ok",
      expect.stringMatching(/^send-failed/),
    ]);
    expect(textOf(await first)).toBe("in the end");
    const second = rejection(puppet.ask(script("defer")));
    await settled(stage.system);
    await perform(puppet, "reply-failed no luck");
    expect(await second).toMatchObject({ answer: { tag: "failed", val: "no luck" } });
  });
});
