import { describe, expect, it } from "vitest";
import { perform, Stage } from "../stage.ts";

describe("get", () => {
  it("is the value at a key of the component's own [config], JSON for what is no string, and none for what is not there", async () => {
    const stage = new Stage();
    await stage.spawn("other", { config: { codecs: "", secret: "another's" } });
    const puppet = await stage.spawn("puppet", { config: { codecs: "", limits: { lines: 500 }, list: [1, "two"] } });
    expect(
      await perform(
        puppet,
        "config limits.lines",
        "config list",
        "config limits",
        "config secret",
        "config ",
        "config constructor",
        "config __proto__",
      ),
    ).toEqual(["500", '[1,"two"]', "none", "none", "none", "none", "none"]);
  });
});
