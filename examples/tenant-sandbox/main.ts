// Three tenants on one host: Acme works on its files, Globex asks a server, and Mallory tries to get at what is theirs.
//   pnpm example tenant-sandbox
import { ActorSystem } from "@airssys/rt";
import { AuditLog, type Capability, CapabilitySet, type ManifestInput } from "@airssys/security";
import { searchAuditLog, verifyAuditLog } from "@airssys/security";
import { ComponentHost, decodePayload, rawPayload } from "@airssys/wasm";
import { build } from "./build.ts";
import { setScene } from "./scene.ts";

await using scene = await setScene();
const { root, acme, mallory, rates } = scene;
const audit = await AuditLog.open(`${root}/audit`);
await using system = new ActorSystem("tenants", { log: false });
await using host = new ComponentHost(system, { access: { audit, environment: { SECRET: "swordfish" } } });

// What the operator allows each tenant. Whatever its components ask for is checked against that.
const file = (action: "read" | "write" | "list", path: string): Capability => ({ kind: "file", action, path });
const tenants = {
  acme: allow(file("read", `${acme}/**`), file("write", `${acme}/**`), file("list", acme)),
  globex: allow({ kind: "connect", target: rates }),
  mallory: allow(
    file("read", `${mallory}/**`),
    file("write", `${mallory}/**`),
    { kind: "connect", target: rates },
    { kind: "environment", variable: "LANG" },
    { kind: "messaging", action: "send", subject: "mallory/*" },
  ),
};
await start("acme", "report", { filesystem: { read: [`${acme}/**`], write: [`${acme}/**`], list: [acme] } });
await start("globex", "rates", { network: { outbound: [rates] } });
await start("mallory", "snoop", {
  filesystem: { read: [`${mallory}/**`], write: [`${mallory}/**`] },
  network: { outbound: [rates] },
  environment: { variables: ["LANG"] },
  messaging: { send: ["mallory/*"] },
});

console.log(`acme/report: ${await ask("acme/report", acme)}`);
console.log(`globex/rates: ${await ask("globex/rates", `http://${rates}/`)}`);
console.log("mallory/snoop tries to get");
const attempts = (await ask("mallory/snoop", "?")).split("|");
for (const what of attempts)
  console.log(`  ${what.padEnd(20)} ${await ask("mallory/snoop", `${what}|${mallory}|http://${rates}`)}`);
console.log(`globex/rates never noticed: ${await ask("globex/rates", `http://${rates}/`)}`);

tenants.acme.revoke(file("read", `${acme}/**`));
console.log(`Acme did not pay. acme/report: ${await ask("acme/report", acme)}`);

await audit.close();
const { type } = await verifyAuditLog(`${root}/audit`, { known: audit.end });
console.log(`The audit log is ${type}. Refused:`);
for await (const { component, right, resource } of searchAuditLog(`${root}/audit`, { decision: "refused" }))
  console.log(`  ${component} ${right} ${resource.replace(root, "")}`);

function allow(...capabilities: readonly Capability[]): CapabilitySet {
  const set = new CapabilitySet();
  for (const capability of capabilities) set.grant(capability);
  return set;
}

/** Installs a component of a tenant within what the tenant is allowed, and starts it under a supervisor of its own. */
async function start(tenant: keyof typeof tenants, name: string, capabilities: ManifestInput["capabilities"]) {
  const manifest: ManifestInput = {
    component: { namespace: tenant, name, version: "1.0.0", artifact: `${name}.wasm` },
    resources: { memory: { maxBytes: 4_194_304 }, cpu: { maxFuel: 100_000_000, timeoutMs: 2000 } },
    supervision: { backoff: { minMs: 1, maxMs: 1 } },
    ...(capabilities && { capabilities }),
  };
  const source = { manifest, artifact: await build(name) };
  const component = await host.install(source, { grants: tenants[tenant], isolation: "shared" });
  await system.supervise({ id: tenant, strategy: "one-for-one", children: [component.childSpec()] });
}

/** What a component answers, or what it was stopped for. */
async function ask(component: string, question: string): Promise<string> {
  try {
    const answer = await system.broker.request(component, rawPayload(Buffer.from(question)), { timeoutMs: 10_000 });
    return Buffer.from(decodePayload(answer as Uint8Array).body).toString();
  } catch (error) {
    return `stopped: ${((error as Error).cause as { code: string }).code}`;
  }
}
