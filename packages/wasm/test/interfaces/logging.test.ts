import { describe, expect, it } from "vitest";
import { jsonPayload } from "../../src/index.ts";
import { guest } from "../guests.ts";
import { perform, script, Stage } from "../stage.ts";

describe("log", () => {
  it("gives the operator the line, with the component that wrote it and the message it was handling", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    await stage.system.broker.request(puppet, script("log 0 first", "log 4 last\t!"), { correlationId: "c-1" });
    await perform(puppet, "log 2 bare");
    expect(stage.lines).toEqual([
      { component: "test/puppet", correlationId: "c-1", level: "trace", message: "first", fields: [] },
      { component: "test/puppet", correlationId: "c-1", level: "error", message: "last\t!", fields: [] },
      { component: "test/puppet", correlationId: undefined, level: "info", message: "bare", fields: [] },
    ]);
  });

  it("has the fields in the order written", async () => {
    const stage = new Stage();
    const plain = await stage.spawn("plain", { guest: "plain" });
    await plain.ask(jsonPayload({ command: "log" }));
    expect(stage.lines).toMatchObject([
      {
        level: "warn",
        message: "cable \u001B[2J\u202E cut",
        fields: [
          ["voltage", "230\nerror forged/line: boo"],
          ["phase\u0000", "1"],
        ],
      },
    ]);
  });

  it("cuts what is longer than a line should be", async () => {
    const stage = new Stage();
    await perform(await stage.spawn("puppet"), "log-long 8192", "log-long 8193", "log-long 1000000");
    const [fitting, ...cut] = stage.lines.map(({ message }) => message);
    expect(fitting).toBe("x".repeat(8192));
    expect(cut).toEqual([`${"x".repeat(8191)}…`, `${"x".repeat(8191)}…`]);
  });

  it("is granted to a component that asks for nothing", async () => {
    const stage = new Stage();
    const component = await stage.host.install({
      manifest: {
        component: { name: "humble", version: "1.0.0", artifact: "humble.wasm" },
        resources: { memory: { maxBytes: 524_288 }, cpu: { maxFuel: 1000, timeoutMs: 1 } },
      },
      artifact: await guest("printer"),
    });
    expect(component.address).toBe("local/humble");
  });
});
