import {
  capabilitiesOf,
  type Manifest,
  type ManifestInput,
  parseManifest,
  printManifest,
  Recording,
} from "@airssys/security";
import { realpathSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { hasClang } from "../../engine/test/wasi/toolchains.ts";
import {
  call,
  ComponentHost,
  InstallRefusedError,
  jsonPayload,
  type ComponentMessage,
  type InstalledComponent,
} from "../src/index.ts";
import type { ActorRef } from "@airssys/rt";
import { guest } from "./guests.ts";
import { manifestFor, Stage } from "./stage.ts";
import { temporaryFolder } from "../../osl/test/sample-access.ts";
import { httpServer } from "../../osl/test/sample-server.ts";
import { type Outcome } from "./system/operating.ts";
import { guests } from "./wasi/strangers.ts";

type Started = { readonly component: InstalledComponent; readonly ref: ActorRef<ComponentMessage> };

async function start(stage: Stage, manifest: ManifestInput | Manifest, artifact: Uint8Array): Promise<Started> {
  const component = await stage.host.install({ manifest, artifact });
  return { component, ref: await stage.start(component) };
}

describe("a component that is run to learn what it needs", () => {
  it("gets a manifest with which it may do that again, and without any part of which it may not", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/in`, "two apples");
    const port = await httpServer((_, response) => response.end("hello"));
    const program = realpathSync("/usr/bin/true");
    const orders = [
      { call: "filesystem.readFile", args: [`${folder}/in`] },
      { call: "filesystem.writeFile", args: [`${folder}/out`, { latin1: "sold" }] },
      { call: "filesystem.listDirectory", args: [folder] },
      { call: "Connection.connect", args: ["127.0.0.1", port, 10_000] },
      { call: "Child.spawn", args: [{ program, arguments: [], environment: [], directory: null }] },
      { call: "environment.get", args: ["LANG"] },
    ];
    const environment = { LANG: "de" };
    const artifact = await guest("operator");
    const doAll = async (ref: ActorRef<ComponentMessage>): Promise<readonly boolean[]> => {
      const outcomes = [];
      for (const order of orders) {
        const reply = await ref.ask(jsonPayload(order), { timeoutMs: 60_000 });
        const outcome = JSON.parse(Buffer.from((reply ?? new Uint8Array()).subarray(2)).toString()) as Outcome;
        outcomes.push("ok" in outcome && (order.call !== "environment.get" || outcome.ok !== null));
      }
      return outcomes;
    };

    const recording = new Recording();
    const learning = new Stage({}, { access: { mode: "permissive", environment, onDecision: recording.record } });
    const unasking = { ...manifestFor("operator", { messaging: {}, config: {} }), capabilities: {} };
    const learner = await start(learning, unasking, artifact);
    expect(await doAll(learner.ref)).toEqual(orders.map(() => true));
    expect(learner.component.manifest.capabilities.filesystem.read).toEqual([]);

    const text = printManifest(recording.manifestFor(learner.component.manifest));
    const learned = parseManifest(text, { ceilings: { fuel: Number.MAX_SAFE_INTEGER } });
    const strict = new Stage({}, { access: { environment } });
    const { ref } = await start(strict, learned, artifact);
    expect(await doAll(ref)).toEqual(orders.map(() => true));

    for (const each of capabilitiesOf(learned.capabilities)) {
      const poorer = new Stage({}, { access: { environment } });
      const outcome = await start(poorer, learned, artifact).then(
        async (started) => {
          started.component.grants.revoke(each);
          return doAll(started.ref);
        },
        (error: unknown) => error,
      );
      expect(outcome instanceof InstallRefusedError || (outcome as boolean[]).includes(false)).toBe(true);
    }
  });

  it.skipIf(!hasClang)("learns what one needs that knows nothing of airssys", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/in`, "two apples");
    const artifact = await guests.files();
    const recording = new Recording();
    const learning = new Stage({}, { access: { mode: "permissive", onDecision: recording.record } });
    const unasking = { ...manifestFor("files", { messaging: {}, config: {} }), capabilities: {} };
    const learner = await start(learning, unasking, artifact);
    expect(await learner.ref.ask(call("run", `read ${folder}/in`))).toBe("two apples");
    expect(await learner.ref.ask(call("run", `write ${folder}/out sold`))).toBe("ok");
    expect(recording.capabilities("test/files").filesystem).toEqual({
      read: [`${folder}/in`],
      write: [`${folder}/out`],
      delete: [],
      list: [],
    });
    const { ref } = await start(new Stage(), recording.manifestFor(learner.component.manifest), artifact);
    expect(await ref.ask(call("run", `read ${folder}/in`))).toBe("two apples");
    expect(await ref.ask(call("run", `write ${folder}/out again`))).toBe("ok");
    expect(await ref.ask(call("run", `read ${folder}/out`))).toBe("EPERM");
  });
});

describe("a host in development mode", () => {
  it("says so, loudly", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    const { system } = new Stage();
    expect(warn).not.toHaveBeenCalled();
    expect(new ComponentHost(system, { access: { mode: "development" } })).toBeDefined();
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      "components run in development mode: what is not granted is done all the same",
      { type: "AirssysWarning", code: "AIRSSYS_DEVELOPMENT_MODE" },
    );
  });

  it("does not do what is always refused", async () => {
    const stage = new Stage({}, { access: { mode: "permissive" } });
    const capabilities = { filesystem: { read: ["/etc/shadow"] } };
    const installing = stage.host.install({
      manifest: { ...manifestFor("stranger", { messaging: {}, config: {} }), capabilities },
      artifact: await guest("stranger"),
    });
    await expect(installing).rejects.toMatchObject({ code: "WASM_INSTALL_REFUSED" });
  });
});
