import { describe, expect, it } from "vitest";
import { call } from "../src/index.ts";
import { rejection, Stage } from "./stage.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("what a component prints", () => {
  it("is logged line by line: standard output as info, standard error as warnings", async () => {
    const stage = new Stage();
    const printer = await stage.spawn("printer", { guest: "printer" });
    await printer.ask(call("print", bytes("one\r\n\ntwo, ")));
    await printer.ask(call("print-error", bytes("oh no\n")));
    await printer.ask(call("print", bytes("příliš\n")));
    expect(stage.lines).toEqual([
      { component: "test/printer", correlationId: undefined, level: "info", message: "one", fields: [] },
      { component: "test/printer", correlationId: undefined, level: "warn", message: "oh no", fields: [] },
      { component: "test/printer", correlationId: undefined, level: "info", message: "two, příliš", fields: [] },
    ]);
  });

  it("without a line end is logged when the component stops or traps", async () => {
    const stage = new Stage();
    const printer = await stage.spawn("printer", { guest: "printer" });
    await printer.ask(call("print", bytes("last words")));
    expect(stage.lines).toEqual([]);
    await rejection(printer.ask(call("crash")));
    expect(stage.lines.map(({ message }) => message)).toEqual(["last words"]);
  });

  it("is cut into lines of 8192 bytes when it has no line ends", async () => {
    const stage = new Stage();
    const printer = await stage.spawn("printer", { guest: "printer" });
    await printer.ask(call("print", new Uint8Array(20_000).fill(0x78)));
    expect(stage.lines.map(({ message }) => message.length)).toEqual([8192, 8192]);
  });

  it("may be no text at all", async () => {
    const stage = new Stage();
    const printer = await stage.spawn("printer", { guest: "printer" });
    await printer.ask(call("print", Uint8Array.of(0xff, 0xfe, 0x00, 0x0a)));
    expect(stage.lines.map(({ message }) => message)).toEqual(["\uFFFD\uFFFD\u0000"]);
  });
});

describe("a component that exits", () => {
  it("has crashed, and the process goes on", async () => {
    const stage = new Stage();
    const printer = await stage.spawn("printer", { guest: "printer" });
    expect(await rejection(printer.ask(call("leave")))).toMatchObject({ cause: { code: "ENGINE_EXIT", status: 0 } });
  });
});
