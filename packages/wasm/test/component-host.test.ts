import { type AuditEntry, CapabilitySet, ManifestError, type ManifestInput } from "@airssys/security";
import { describe, expect, it } from "vitest";
import { InstallRefusedError, type ComponentMessage } from "../src/index.ts";
import { guest } from "./guests.ts";
import { manifestFor, sourceOf, perform, plentyOfFuel, rejection, Stage } from "./stage.ts";

const messaging = "airssys:core-host/messaging@1.0.0";
const configuration = "airssys:core-host/configuration@1.0.0";

describe("a component that asks without end", () => {
  it("fills its own part of the audit log, and nobody else's", async () => {
    const entries: AuditEntry[] = [];
    const audit = { record: (entry: AuditEntry) => entries.push(entry) > 0 };
    const stage = new Stage({}, { access: { audit, auditedPerSecond: 3 } });
    const [greedy, modest] = [await stage.spawn("greedy"), await stage.spawn("modest")];
    const commands = Array.from({ length: 5 }, () => "send test/nobody hello");
    const found = "component-not-found: nobody of that name is running";
    const refused = "not-permitted: test/greedy may not send to test/nobody";
    expect(await perform(greedy, ...commands)).toEqual([found, found, found, refused, refused]);
    expect(await perform(modest, "send test/nobody hello")).toEqual([found]);
    expect(entries.map(({ component }) => component)).toEqual([
      "test/greedy",
      "test/greedy",
      "test/greedy",
      "test/modest",
    ]);
    await stage.clock.advance(1000);
    expect(await perform(greedy, "send test/nobody hello")).toEqual([found]);
  });
});

describe("installing", () => {
  it("runs nothing of the component", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet", { config: { codecs: "", at_init: "log 2 running" } });
    expect(component.address).toBe("test/puppet");
    expect(component.manifest.component.version).toBe("1.0.0");
    expect(component.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(stage.lines).toEqual([]);
    expect(stage.system.registry.lookup("test/puppet")).toBeUndefined();
    stage.system.spawn(component.start);
    expect(stage.lines).toHaveLength(1);
  });

  it("is refused when the manifest asks for no capability that an import needs", async () => {
    const stage = new Stage();
    const error = await rejection(stage.install("puppet", { messaging: {}, config: {} }));
    expect(error).toBeInstanceOf(InstallRefusedError);
    expect(error).toMatchObject({
      code: "WASM_INSTALL_REFUSED",
      component: "test/puppet",
      refusals: [
        {
          subject: messaging,
          reason: "Component.toml asks for nothing in [capabilities.messaging]",
        },
        { subject: configuration, reason: "Component.toml has no [config] to read" },
      ],
    });
  });

  it("is refused with everything that stands in the way at once: imports nobody knows, and all that is not granted", async () => {
    const stage = new Stage();
    const grants = { messaging: { send: ["test/*"], subscribe: ["news.*"] } };
    const asked = {
      send: ["test/clerk", "shop/*"],
      publish: ["news"],
      subscribe: ["news.eu", "news.#"],
      receiveFrom: ["*/*"],
    };
    const manifest = manifestFor("greedy", { messaging: asked, config: {} });
    const error = await rejection(stage.host.install({ manifest, artifact: await guest("greedy") }, { grants }));
    expect(error).toBeInstanceOf(InstallRefusedError);
    const { refusals, message } = error as InstallRefusedError;
    expect(refusals.toSorted((a, b) => (a.subject < b.subject ? -1 : 1))).toEqual([
      { subject: configuration, reason: "Component.toml has no [config] to read" },
      { subject: messaging, reason: "this host knows no bribe in it" },
      { subject: "bare", reason: "this host offers interfaces, no functions outside of them" },
      { subject: "capabilities.messaging.publish", reason: '"news" is not granted' },
      { subject: "capabilities.messaging.receive_from", reason: '"*/*" is not granted' },
      { subject: "capabilities.messaging.send", reason: '"shop/*" is not granted' },
      { subject: "capabilities.messaging.subscribe", reason: '"news.#" is not granted' },
      { subject: "test:greedy/wishes@1.0.0", reason: "this host offers no such interface" },
      { subject: "wasi:cli/exit@0.2.0", reason: "this host offers only a part of this interface" },
    ]);
    for (const { subject, reason } of refusals) expect(message).toContain(`${subject}: ${reason}`);
  });

  it("is refused for whatever it asks beyond the grants, though this host has no functions for it", async () => {
    const stage = new Stage();
    const capabilities = {
      filesystem: { read: ["/data/in/**", "/etc/ssl/*"], write: ["/data/out/*"] },
      network: { outbound: ["*.example.com:443"], inbound: [8080] },
      process: { spawn: ["/usr/bin/convert"] },
      environment: { variables: ["LANG", "HOME"] },
      custom: { functions: ["labels/print"] },
    };
    const grants = {
      filesystem: { read: ["/data/**"], write: ["/data/out/*"] },
      environment: { variables: ["LANG"] },
      custom: { functions: ["labels/*"] },
    };
    const manifest = { ...manifestFor("stranger", {}), capabilities };
    const error = await rejection(stage.host.install({ manifest, artifact: await guest("stranger") }, { grants }));
    expect((error as InstallRefusedError).refusals).toEqual([
      { subject: "capabilities.filesystem.read", reason: '"/etc/ssl/*" is not granted' },
      { subject: "capabilities.network.outbound", reason: '"*.example.com:443" is not granted' },
      { subject: "capabilities.network.inbound", reason: '"8080" is not granted' },
      { subject: "capabilities.process.spawn", reason: '"/usr/bin/convert" is not granted' },
      { subject: "capabilities.environment.variables", reason: '"HOME" is not granted' },
    ]);
  });

  it("is refused for what is always refused, whatever is granted, unless the operator lifts it by name", async () => {
    const capabilities = {
      filesystem: { read: ["/etc/shadow", "/proc/**", "/data/**"], write: ["/dev/*"] },
      network: { inbound: [22, 8080], outbound: ["169.254.169.254:80", "api.example.com:443"] },
    };
    const manifest: ManifestInput = { ...manifestFor("stranger", { messaging: {}, config: {} }), capabilities };
    const source = { manifest, artifact: await guest("stranger") };
    const error = await rejection(new Stage().host.install(source));
    expect((error as InstallRefusedError).refusals).toEqual([
      { subject: "capabilities.filesystem.read", reason: '"/etc/shadow" is always refused (password-files)' },
      { subject: "capabilities.filesystem.read", reason: '"/proc/**" is always refused (proc)' },
      { subject: "capabilities.filesystem.write", reason: '"/dev/*" is always refused (device-writes)' },
      { subject: "capabilities.network.outbound", reason: '"169.254.169.254:80" is always refused (link-local)' },
      { subject: "capabilities.network.inbound", reason: '"22" is always refused (ssh-port)' },
    ]);
    const lifted = ["password-files", "proc", "device-writes", "link-local", "cloud-metadata", "ssh-port"] as const;
    await expect(new Stage({}, { access: { lifted } }).host.install(source)).resolves.toBeDefined();
  });

  it("of a set of the operator's is taken back when it is taken back there", async () => {
    const tenant = new CapabilitySet();
    tenant.grant({ kind: "messaging", action: "send", subject: "test/*" });
    const stage = new Stage();
    const component = await stage.install("puppet", { messaging: { send: ["test/clerk"] } }, { grants: tenant });
    const puppet = await stage.start(component);
    expect(await perform(puppet, "send test/clerk hello")).toEqual([
      "component-not-found: nobody of that name is running",
    ]);
    tenant.revoke({ kind: "messaging", action: "send", subject: "test/clerk" });
    expect(await perform(puppet, "send test/clerk hello")).toEqual([
      "not-permitted: test/puppet may not send to test/clerk",
    ]);
    expect(
      await rejection(stage.install("other", { messaging: { send: ["test/clerk"] } }, { grants: tenant })),
    ).toMatchObject({
      refusals: [{ subject: "capabilities.messaging.send", reason: '"test/clerk" is not granted' }],
    });
  });

  it("of another version leaves taken back what was taken back from the component, unless it is granted anew", async () => {
    const stage = new Stage();
    const casting = { messaging: { send: ["test/*"] } };
    const component = await stage.install("puppet", casting);
    const puppet = await stage.start(component);
    component.grants.revoke({ kind: "messaging", action: "send", subject: "test/clerk" });
    const refused = ["not-permitted: test/puppet may not send to test/clerk"];
    expect(await perform(puppet, "send test/clerk hello")).toEqual(refused);
    const next = await sourceOf("puppet", { ...casting, version: "1.1.0" });
    await stage.host.update(component, next);
    expect(await perform(puppet, "send test/clerk hello")).toEqual(refused);
    await stage.host.update(component, next, { grants: { messaging: { send: ["test/*"] } } });
    expect(await perform(puppet, "send test/clerk hello")).toEqual([
      "component-not-found: nobody of that name is running",
    ]);
  });

  it("goes through when the grants cover what the manifest asks for, and more", async () => {
    const stage = new Stage();
    const asked = { send: ["test/clerk"], publish: ["news.eu"], subscribe: ["news.*"], receiveFrom: ["test/*"] };
    const grants = { messaging: { send: ["test/*"], publish: ["#"], subscribe: ["news.#"], receiveFrom: ["*/*"] } };
    const source = { manifest: manifestFor("puppet", { messaging: asked }), artifact: await guest("puppet") };
    const component = await stage.host.install(source, { grants });
    expect(await perform(stage.system.spawn(component.start), "send shop/x hello", "publish news.us hello")).toEqual([
      "not-permitted: test/puppet may not send to shop/x",
      "not-permitted: test/puppet may not publish to news.us",
    ]);
  });

  it("with empty grants leaves a component only what harms nobody", async () => {
    const stage = new Stage();
    const manifest = manifestFor("stranger", { messaging: {}, config: {} });
    const component = await stage.host.install({ manifest, artifact: await guest("stranger") }, { grants: {} });
    expect(component.address).toBe("test/stranger");
  });

  it("of a second component with one address is refused, also at the same time", async () => {
    const stage = new Stage();
    const outcomes = await Promise.allSettled([stage.install("puppet"), stage.install("puppet", { guest: "early" })]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await rejection(stage.install("puppet"))).toMatchObject({
      code: "WASM_INSTALL_REFUSED",
      refusals: [{ subject: "test/puppet", reason: "a component of that name is installed already" }],
    });
  });

  it("passes on what is wrong with the manifest", async () => {
    const stage = new Stage();
    const manifest: ManifestInput = {
      ...manifestFor("puppet", {}),
      resources: { memory: { maxBytes: 1 }, cpu: { maxFuel: 1, timeoutMs: 0 } },
    };
    const error = await rejection(stage.host.install({ manifest, artifact: await guest("puppet") }));
    expect(error).toBeInstanceOf(ManifestError);
    expect((error as ManifestError).problems).toHaveLength(3);
  });

  it("obeys the ceilings an operator raised", async () => {
    const stage = new Stage({}, { ceilings: { memoryBytes: 16_777_216 } });
    const component = await stage.install("puppet", { maxBytes: 16_777_216 });
    expect(component.manifest.resources.memory.maxBytes).toBe(16_777_216);
  });

  it("does not end a component that passes out an eighth of its memory, however much that is", async () => {
    const stage = new Stage({}, { ceilings: { memoryBytes: 2 ** 28, fuel: plentyOfFuel } });
    const puppet = await stage.spawn("puppet", { maxBytes: 2 ** 28, maxFuel: plentyOfFuel });
    expect(await perform(puppet, "publish-bytes news 30000000 85", "count")).toEqual([
      "payload-too-large: larger than the broker takes",
      "1",
    ]);
  });

  it("passes on what is wrong with the bytes", async () => {
    const stage = new Stage();
    const manifest = manifestFor("broken", {});
    const whole = await guest("stranger");
    const corrupt = Uint8Array.from(whole);
    corrupt.fill(0xff, 40, 80);
    for (const [artifact, code] of [
      [new Uint8Array(), "ENGINE_NOT_A_COMPONENT"],
      [new TextEncoder().encode("#!/bin/sh"), "ENGINE_NOT_A_COMPONENT"],
      [whole.slice(0, whole.length / 2), "ENGINE_CORRUPT_COMPONENT"],
      [corrupt, "ENGINE_CORRUPT_COMPONENT"],
    ] as const) {
      expect(await rejection(stage.host.install({ manifest, artifact }))).toMatchObject({ code });
    }
    expect((await stage.install("broken")).address).toBe("test/broken");
  });
});

describe("an installed component", () => {
  it("is run by one actor at a time", async () => {
    const stage = new Stage();
    const component = await stage.install("puppet");
    const first = stage.system.spawn(component.start);
    expect(() => stage.system.spawn(component.start)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: "RT_ALREADY_REGISTERED" }) }),
    );
    expect(await perform(first, "count")).toEqual(["1"]);
    await stage.system.stop(first);
    expect(await perform(stage.system.spawn(component.start), "count")).toEqual(["1"]);
  });

  it("is a child of a supervisor as its manifest says, under its own name or another", async () => {
    const stage = new Stage();
    const supervision = {
      restart: "transient",
      maxRestarts: 7,
      withinMs: 8000,
      shutdownMs: 900,
      backoff: { minMs: 10, maxMs: 20, factor: 3, jitter: 0.5 },
      health: { intervalMs: 500, timeoutMs: 50, failureThreshold: 2 },
    } as const;
    const component = await stage.install("puppet", { supervision });
    expect(component.childSpec()).toMatchObject({
      id: "puppet",
      restart: "transient",
      intensity: { maxRestarts: 7, withinMs: 8000 },
      shutdownMs: 900,
      backoff: supervision.backoff,
      health: supervision.health,
    });
    const top = await stage.system.supervise({
      id: "top",
      strategy: "one-for-one",
      children: [component.childSpec({ id: "doll" })],
    });
    expect(top.child<ComponentMessage>("doll").path).toBe("/user/top/doll");
  });

  it("does not start with less memory than its code begins with", async () => {
    const stage = new Stage();
    const component = await stage.install("plain", { guest: "plain", maxBytes: 524_288 });
    expect(() => stage.system.spawn(component.start)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: "ENGINE_MEMORY_LIMIT" }) }),
    );
    expect(stage.system.registry.size).toBe(0);
  });
});
