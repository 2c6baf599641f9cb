/* oxlint-disable vitest/no-standalone-expect -- a row is proved in the test of it, in matrix.proof.test.ts */
// What a component is called for: a row for each of its exports and each case of them, as the host makes the call.
import type { ActorRef } from "@airssys/rt";
import { expect } from "vitest";
import { checkHealth, describeSelf, execute, rawPayload, type ComponentMessage } from "../../src/index.ts";
import { rejection, script, sourceOf, textOf } from "../stage.ts";
import { ask, type Row, type Scene } from "./scene.ts";

const id = "test/mirror@1.0.0";
const componentErrors = ["invalid-config", "invalid-input", "unsupported", "failed"];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the mirror was told since its `init`. */
async function told(mirror: ActorRef<ComponentMessage>): Promise<string[]> {
  const [init, ...rest] = (await ask(mirror, "told")).split("\n");
  expect(init).toBe(`init ${id}`);
  return rest;
}

const init: readonly Row[] = [
  {
    function: "component-lifecycle.init",
    shows: ["returns ok"],
    prove: async (scene) => expect(await told(await scene.mirror())).toEqual([]),
  },
  ...componentErrors.map((tag): Row => ({
    function: "component-lifecycle.init",
    shows: [`returns err: ${tag}`],
    prove: async (scene) => {
      const component = await scene.stage.install("mirror", scene.casting({ config: { init: `${tag}|no` } }));
      const { system } = scene.stage;
      const children = [component.childSpec()];
      const error = await rejection(system.supervise({ id: "top", strategy: "one-for-one", children }));
      expect(error).toMatchObject({
        cause: { cause: { code: "WASM_INIT_REFUSED", component: "test/mirror", answer: { tag, val: "no" } } },
      });
    },
  })),
];

const executing: readonly Row[] = [
  {
    function: "component-lifecycle.execute",
    shows: ["context correlation-id none", "context remaining-millis none", "returns ok"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      const output = await mirror.ask(execute(bytes("žluť")));
      expect(new TextDecoder().decode(output)).toBe("žluť; correlation-id none; remaining-millis none");
    },
  },
  {
    function: "component-lifecycle.execute",
    shows: ["context correlation-id some", "context remaining-millis some", "returns ok"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      const asked = scene.stage.system.broker.request(mirror, execute(bytes("x")), {
        correlationId: "visit-1",
        timeoutMs: 2500,
      });
      const output = new TextDecoder().decode((await asked) as Uint8Array);
      expect(output).toBe("x; correlation-id some visit-1; remaining-millis some 2500");
    },
  },
  ...["unknown-operation", "invalid-input", "failed"].map((tag): Row => ({
    function: "component-lifecycle.execute",
    shows: [`returns err: ${tag}`],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      expect(await rejection(mirror.ask(execute(bytes(`${tag}|no`))))).toMatchObject({
        code: "WASM_COMPONENT_REFUSED",
        operation: "execute",
        answer: { tag, val: "no" },
      });
    },
  })),
];

const at = "at 1700000000000000000";

const handling: readonly Row[] = [
  {
    function: "component-lifecycle.handle-message",
    shows: ["message sender none", "message topic none", "message correlation-id none", "returns ok", "returns none"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      mirror.tell(script("quiet"));
      expect(await told(mirror)).toEqual([
        `handle-message quiet; sender none; topic none; correlation-id none; ${at}; headers `,
      ]);
      expect(await mirror.ask(script("quiet"))).toBeUndefined();
    },
  },
  {
    function: "component-lifecycle.handle-message",
    shows: ["message correlation-id some", "returns ok", "returns some"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      const reply = await scene.stage.system.broker.request("test/mirror", script("žluť"), {
        correlationId: "visit-1",
        headers: { tenant: "zoë", trace: "" },
      });
      expect(textOf(reply)).toBe("heard žluť");
      expect(await told(mirror)).toEqual([
        `handle-message žluť; sender none; topic none; correlation-id some visit-1; ${at}; headers tenant=zoë,trace=`,
      ]);
    },
  },
  {
    function: "component-lifecycle.handle-message",
    shows: ["message sender some", "message topic some"],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      const peer = await scene.mirror({ version: "2.0.0" }, "peer");
      await ask(mirror, "messaging.subscribe|news.*");
      await ask(peer, "messaging.send|test/mirror|quiet");
      await ask(peer, "messaging.publish|news.today|quiet");
      await scene.settled();
      expect(await told(mirror)).toEqual([
        `handle-message quiet; sender some test/peer@2.0.0; topic none; correlation-id none; ${at}; headers `,
        `handle-message quiet; sender some test/peer@2.0.0; topic some news.today; correlation-id none; ${at}; headers `,
      ]);
    },
  },
  ...componentErrors.map((tag): Row => ({
    function: "component-lifecycle.handle-message",
    shows: [`returns err: ${tag}`],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      expect(await rejection(mirror.ask(script(`${tag}|no`)))).toMatchObject({
        code: "WASM_COMPONENT_REFUSED",
        operation: "handle-message",
        answer: { tag, val: "no" },
      });
      expect(await ask(mirror, "hello")).toBe("heard hello");
    },
  })),
];

/** What a request that the mirror makes comes to, as its callback is told. */
async function callback(scene: Scene, request: string, afterMs = 0): Promise<readonly string[]> {
  const mirror = await scene.mirror({ messagesPerSecond: 2 });
  expect(await ask(mirror, `messaging.request|${request}|1000`)).toBe("ok request-1");
  await scene.settled();
  await scene.stage.clock.advance(afterMs);
  await scene.settled();
  return told(mirror);
}

const called: readonly Row[] = [
  {
    function: "component-lifecycle.handle-callback",
    shows: ["outcome ok", "returns ok"],
    prove: async (scene) => {
      expect(await callback(scene, "test/echo|žluť")).toEqual(["handle-callback request-1 ok žluť"]);
    },
  },
  ...(
    [
      ["timeout: no reply before the deadline", "test/silent|x", 1100],
      ["mailbox-full: the receiver's mailbox is full", "test/busy|x", 0],
      ["component-not-found: nobody of that name is running", "test/nobody|x", 0],
      ["send-failed: the receiver crashed, stopped or refused", "test/refusing|x", 0],
    ] as const
  ).map(([error, request, afterMs]): Row => ({
    function: "component-lifecycle.handle-callback",
    shows: [`outcome err: ${error.replace(/:.*/, "")}`],
    prove: async (scene) => {
      expect(await callback(scene, request, afterMs)).toEqual([`handle-callback request-1 err ${error}`]);
    },
  })),
  ...componentErrors.map((tag): Row => ({
    function: "component-lifecycle.handle-callback",
    shows: [`returns err: ${tag}`],
    prove: async (scene) => {
      const mirror = await scene.mirror({ config: { callback: `${tag}|no` } });
      await ask(mirror, "messaging.request|test/echo|x|1000");
      await scene.settled();
      expect(scene.stage.system.deadLetters.list()).toMatchObject([
        { reason: "rejected", message: { kind: "callback", id: "request-1" } },
      ]);
      expect(await told(mirror)).toEqual(["handle-callback request-1 ok x"]);
    },
  })),
];

const telling: readonly Row[] = [
  {
    function: "component-lifecycle.metadata",
    shows: ["returns"],
    prove: async (scene) => {
      expect(await (await scene.mirror()).ask(describeSelf())).toEqual({
        name: "mirror",
        version: "1.2.3",
        description: "Says what it is told",
        operations: ["echo", "fail"],
        codecs: Uint32Array.of(0x55, 0x51),
      });
    },
  },
  ...(
    [
      ["healthy", { tag: "healthy" }],
      ["degraded", { tag: "degraded", val: "žluť" }],
      ["unhealthy", { tag: "unhealthy", val: "žluť" }],
    ] as const
  ).map(([status, expected]): Row => ({
    function: "component-lifecycle.health",
    shows: [`returns ${status}`],
    prove: async (scene) => {
      const mirror = await scene.mirror();
      await mirror.ask(script(`feel|${status}|žluť`));
      expect(await mirror.ask(checkHealth())).toEqual(expected);
    },
  })),
];

const stopping: readonly Row[] = [
  {
    function: "component-lifecycle.shutdown",
    shows: ["returns ok"],
    prove: async (scene) => {
      const component = await scene.stage.install("mirror", scene.casting());
      const first = await scene.stage.start(component);
      await first.ask(script("keep|žluť"));
      await scene.stage.system.stop(first);
      expect(scene.stage.events.allOf("post-stop-failed")).toEqual([]);
      expect(await told(await scene.stage.start(component))).toEqual(["restore žluť, shut down from 1.0.0"]);
    },
  },
  ...componentErrors.map((tag): Row => ({
    function: "component-lifecycle.shutdown",
    shows: [`returns err: ${tag}`],
    prove: async (scene) => {
      const mirror = await scene.mirror({ config: { shutdown: `${tag}|no` } });
      await scene.stage.system.stop(mirror);
      expect((await scene.stage.events.next("post-stop-failed", mirror.path)).error).toMatchObject({
        code: "WASM_COMPONENT_REFUSED",
        operation: "shutdown",
        answer: { tag, val: "no" },
      });
    },
  })),
];

const keeping: readonly Row[] = [
  {
    function: "component-state.snapshot",
    shows: ["returns"],
    prove: async (scene) => {
      const supervision = { snapshotEvery: 1, backoff: { minMs: 1, maxMs: 1, jitter: 0 } };
      const { ref } = await scene.stage.supervise("mirror", scene.casting({ supervision }));
      await ref.ask(script("keep|žluť"));
      await rejection(ref.ask(script("trap")));
      await scene.stage.events.next("restart-delayed");
      await scene.stage.clock.advance(1);
      expect(await told(ref)).toEqual(["restore žluť from 1.0.0"]);
    },
  },
  {
    function: "component-state.restore",
    shows: ["returns ok"],
    prove: async (scene) => {
      const component = await scene.stage.install("mirror", scene.casting());
      const ref = await scene.stage.start(component);
      await ref.ask(rawPayload(bytes("keep|")));
      await scene.stage.host.update(component, await sourceOf("mirror", scene.casting({ version: "2.0.0" })));
      expect((await ask(ref, "told")).split("\n")).toEqual([
        "init test/mirror@2.0.0",
        expect.stringMatching(/^restore .*from 1\.0\.0$/),
      ]);
    },
  },
  ...componentErrors.map((tag): Row => ({
    function: "component-state.restore",
    shows: [`returns err: ${tag}`],
    prove: async (scene) => {
      const component = await scene.stage.install("mirror", scene.casting());
      const ref = await scene.stage.start(component);
      await ref.ask(script("keep|žluť"));
      const next = await sourceOf("mirror", scene.casting({ version: "2.0.0", config: { restore: `${tag}|no` } }));
      expect(await rejection(scene.stage.host.update(component, next))).toMatchObject({
        code: "WASM_UPDATE_FAILED",
        cause: { code: "WASM_RESTORE_REFUSED", fromVersion: "1.0.0", answer: { tag, val: "no" } },
      });
      expect(await ask(ref, "messaging.self-id")).toBe(id);
    },
  })),
];

export const exportRows: readonly Row[] = [
  ...init,
  ...executing,
  ...handling,
  ...called,
  ...telling,
  ...stopping,
  ...keeping,
];
