import { ActorCrashedError, AskTimeoutError } from "@airssys/rt";
import { describe, expect, it } from "vitest";
import {
  ComponentRefusedError,
  definePipeline,
  jsonPayload,
  MessageTooLargeError,
  rawPayload,
  type StageDefinition,
  type StageInput,
} from "../../src/index.ts";
import { decide, intakeError } from "../../src/pipeline/decision.ts";

function stage(input: Partial<StageInput> = {}): StageDefinition {
  const { stages } = definePipeline({ name: "p", stages: [{ name: "one", component: "a/one", ...input }] });
  const [one] = stages;
  if (one === undefined) throw new TypeError("a pipeline has a stage");
  return one;
}

const replied = (value: unknown): PromiseSettledResult<unknown> => ({ status: "fulfilled", value });
const failed = (reason: unknown): PromiseSettledResult<unknown> => ({ status: "rejected", reason });
const refused = (tag: string): Error => new ComponentRefusedError("a/one", "handle-message", { tag, val: "why" });
const crashed = new ActorCrashedError("/user/p/one/1", new Error("boom"));

describe("what a stage replies", () => {
  it("goes on when it is bytes, and ends the item when it is nothing", () => {
    const payload = rawPayload(new Uint8Array(2));
    expect(decide(stage(), 1, replied(payload))).toEqual({ kind: "forward", payload });
    expect(decide(stage(), 1, replied(undefined))).toEqual({ kind: "filter" });
    expect(decide(stage(), 1, replied(null))).toEqual({ kind: "filter" });
  });

  it("is given up when it is something else, or of another codec than declared", () => {
    expect(decide(stage(), 1, replied("text"))).toMatchObject({
      kind: "give-up",
      error: { code: "WASM_STAGE_OUTPUT" },
    });
    const raw = stage({ gives: { codec: "raw" } });
    expect(decide(raw, 1, replied(jsonPayload(1)))).toMatchObject({
      kind: "give-up",
      reason: "rejected",
      error: { code: "WASM_STAGE_OUTPUT", message: "stage one replies with raw, not json" },
    });
    expect(decide(raw, 1, replied(new Uint8Array()))).toMatchObject({ kind: "give-up" });
    expect(decide(raw, 1, replied(rawPayload(new Uint8Array())))).toMatchObject({ kind: "forward" });
  });
});

describe("a failure that may pass", () => {
  it.each([
    ["a crash", crashed],
    ["a timeout", new AskTimeoutError("/user/p/one/1", 5)],
    ["a component that answers `failed`", refused("failed")],
  ])("is tried again, as often as said: %s", (_name, error) => {
    const two = stage({ retry: { attempts: 2, backoffMs: 7 } });
    expect(decide(two, 1, failed(error))).toEqual({ kind: "retry", afterMs: 7 });
    expect(decide(two, 2, failed(error))).toEqual({ kind: "give-up", error, reason: "attempts-exhausted" });
  });

  it("is tried later each time, up to the longest delay", () => {
    const patient = stage({ retry: { attempts: 100, backoffMs: 100, maxBackoffMs: 700 } });
    const delays = [1, 2, 3, 4, 99].map((attempt) => decide(patient, attempt, failed(crashed)));
    expect(delays.map((decision) => "afterMs" in decision && decision.afterMs)).toEqual([100, 200, 400, 700, 700]);
  });
});

describe("an answer that says no", () => {
  it.each([
    ["a component that cannot understand it", refused("invalid-input")],
    ["a component that does not do this", refused("unsupported")],
    ["a payload that is too large for it", new MessageTooLargeError("a/one", 8)],
    ["a plain actor's own error", new RangeError("no")],
    ["what is no error", "no"],
  ])("is given up at once: %s", (_name, error) => {
    expect(decide(stage(), 1, failed(error))).toEqual({ kind: "give-up", error, reason: "rejected" });
  });
});

describe("a stage that says which codecs it takes", () => {
  it("is given no other", () => {
    const picky = stage({ takes: { codecs: ["json", "cbor"] } });
    expect(intakeError(picky, jsonPayload(1))).toBeUndefined();
    expect(intakeError(picky, rawPayload(new Uint8Array()))).toMatchObject({ code: "WASM_PAYLOAD_INVALID" });
    expect(intakeError(picky, new Uint8Array())).toMatchObject({ code: "WASM_PAYLOAD_INVALID" });
    expect(intakeError(stage(), new Uint8Array())).toBeUndefined();
  });
});
