import { describe, expect, it } from "vitest";
import {
  BadArgumentError,
  call,
  checkHealth,
  ComponentRefusedError,
  describeSelf,
  execute,
  rawPayload,
  UnknownExportError,
} from "../src/index.ts";
import { rejection, Stage } from "./stage.ts";

const divide = "test:stranger/arithmetic@1.2.0#divide";

describe("a component that knows nothing of airssys", () => {
  it("starts, says who it is by its manifest, and is healthy as long as it lives", async () => {
    const stage = new Stage();
    const stranger = await stage.spawn("stranger", { guest: "stranger" });
    expect(await stranger.ask(checkHealth())).toEqual({ tag: "healthy" });
    expect(await stranger.ask(describeSelf())).toEqual({
      name: "stranger",
      version: "1.0.0",
      description: "A test's own",
      operations: [],
      codecs: new Uint32Array(),
    });
    await stage.system.stop(stranger);
    expect(stage.events.allOf("post-stop-failed")).toEqual([]);
  });

  it("refuses messages and operations, and lives on", async () => {
    const stage = new Stage();
    const stranger = await stage.spawn("stranger", { guest: "stranger" });
    for (const message of [rawPayload(Uint8Array.of(1)), execute(Uint8Array.of(1))]) {
      const error = await rejection(stranger.ask(message));
      expect(error).toMatchObject({ code: "WASM_COMPONENT_REFUSED", answer: { tag: "unsupported" } });
    }
    expect(await stranger.ask(call("count-up"))).toBe(1);
  });
});

describe("call", () => {
  it("calls exports of the world by their bare names, and of interfaces by their full ones", async () => {
    const stage = new Stage();
    const stranger = await stage.spawn("stranger", { guest: "stranger" });
    expect(await stranger.ask(call("count-up"))).toBe(1);
    expect(await stranger.ask(call("count-up"))).toBe(2);
    expect(await stranger.ask(call("length", "žluťoučký"))).toBe(13);
    expect(await stranger.ask(call(divide, 42n, 6n))).toBe(7n);
  });

  it("of an actor component works beside its messages", async () => {
    const stage = new Stage();
    const puppet = await stage.spawn("puppet");
    const health = "airssys:core-component/component-lifecycle@1.0.0#health";
    expect(await puppet.ask(call(health))).toEqual({ tag: "healthy" });
  });

  it("rejects with the error of a result, whatever its type", async () => {
    const stage = new Stage();
    const stranger = await stage.spawn("stranger", { guest: "stranger" });
    const error = await rejection(stranger.ask(call(divide, 42n, 0n)));
    expect(error).toBeInstanceOf(ComponentRefusedError);
    expect(error).toMatchObject({ operation: divide, answer: 42n, message: `${divide} of test/stranger answered 42n` });
    expect(await stranger.ask(call(divide, 42n, 2n))).toBe(21n);
  });

  it("of something that is not exported is refused, and the component lives on", async () => {
    const stage = new Stage();
    const stranger = await stage.spawn("stranger", { guest: "stranger" });
    for (const name of [
      "",
      "divide",
      "memory",
      "constructor",
      "__proto__",
      "cabi_realloc",
      divide.replace("1.2.0", "1.0.0"),
    ]) {
      const error = await rejection(stranger.ask(call(name)));
      expect(error).toBeInstanceOf(UnknownExportError);
      expect(error).toMatchObject({ code: "WASM_UNKNOWN_EXPORT", component: "test/stranger", wanted: name });
    }
    expect(await stranger.ask(call("count-up"))).toBe(1);
  });

  it("with arguments of another type or number is refused, and the component lives on", async () => {
    const stage = new Stage();
    const stranger = await stage.spawn("stranger", { guest: "stranger" });
    for (const message of [
      call("length"),
      call("length", 7),
      call("length", "a", "b"),
      call("length", undefined),
      call(divide, 1, 2),
      call(divide, -1n, 2n),
      call(divide, 2n ** 64n, 2n),
      call("count-up", "surplus"),
    ]) {
      const error = await rejection(stranger.ask(message));
      expect(error).toBeInstanceOf(BadArgumentError);
      expect(error).toMatchObject({ code: "WASM_BAD_ARGUMENT", component: "test/stranger" });
    }
    expect(await stranger.ask(call("count-up"))).toBe(1);
  });

  it("that traps is a crash", async () => {
    const stage = new Stage();
    const { ref } = await stage.supervise("stranger", {
      guest: "stranger",
      supervision: { backoff: { minMs: 1, maxMs: 1 } },
    });
    await ref.ask(call("count-up"));
    expect(await rejection(ref.ask(call("crash")))).toMatchObject({ code: "RT_ACTOR_CRASHED" });
    await stage.clock.advance(10);
    expect(await ref.ask(call("count-up"))).toBe(1);
  });
});
