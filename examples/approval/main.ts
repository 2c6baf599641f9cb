// A component from a stranger: it waits until somebody has looked at it, and so does everything that is changed about it.
//   pnpm example approval
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ActorSystem } from "@airssys/rt";
import { buildComponent } from "@airssys/guest";
import { ApprovalQueue, AuditLog, searchAuditLog, TrustPolicy, verifyAuditLog } from "@airssys/security";
import { call, ComponentHost, type InstallRefusedError } from "@airssys/wasm";

const guests = new URL("guests/", import.meta.url);
const folder = await mkdtemp(join(tmpdir(), "approval-"));
const audit = await AuditLog.open(join(folder, "audit"));
const approvals = await ApprovalQueue.open(join(folder, "approvals.json"), { audit });
const trust = new TrustPolicy({ trusted: [{ kind: "git", url: "https://github.com/acme/*" }] });

await using system = new ActorSystem("approval");
const host = new ComponentHost(system, { approvals });
const doubler = await component("doubler");
await tryToInstall("a stranger's component", doubler);

// Sid brings it, and cannot be the one who lets it in.
const release = await host.releaseOf(doubler);
const origin = { git: "https://github.com/stranger/doubler" };
const { id } = await approvals.submit(release, { requestedBy: "sid", trust: trust.judge(release, origin) });
await tryToInstall("while it waits", doubler);
await approvals.review(id, "sid").catch((error: Error) => console.log(`sid reviews it: ${error.message}`));
await approvals.review(id, "ada");
await approvals.approve(id, { approver: "ada", reason: "two instructions, read both", ttlMs: 30 * 86_400_000 });
await tryToInstall("approved by ada", doubler);

await tryToInstall("the code was changed", await component("changed"));
await tryToInstall("it asks for more", await component("doubler", { send: ["bank/*"] }));
await approvals.revoke(id, { approver: "bob", reason: "nobody uses it" });
await tryToInstall("revoked by bob", doubler);

await audit.close();
const { type } = await verifyAuditLog(join(folder, "audit"), { known: audit.end });
console.log(`The audit log is ${type}:`);
for await (const { decision, reason, approver = "an install" } of searchAuditLog(join(folder, "audit"), {}))
  console.log(`  ${decision}, ${reason} (${approver})`);
await rm(folder, { recursive: true });

/** What is built of a source, under one and the same name and version. */
async function component(source: string, messaging: { send?: string[] } = {}) {
  const output = new URL(`build/${source}.wasm`, guests);
  await buildComponent({
    language: "wat",
    source: new URL(`${source}.wat`, guests),
    wit: guests,
    world: "plugin",
    output,
  });
  const manifest = {
    component: { namespace: "stranger", name: "doubler", version: "1.0.0", artifact: "build/doubler.wasm" },
    resources: { memory: { maxBytes: 1_048_576 }, cpu: { maxFuel: 100_000, timeoutMs: 100 } },
    capabilities: { messaging },
  };
  return { manifest, artifact: await readFile(output) };
}

/** Installs it, asks it once, and puts it away again. */
async function tryToInstall(what: string, source: Awaited<ReturnType<typeof component>>): Promise<void> {
  try {
    const installed = await host.install(source);
    const actor = system.spawn(installed.start);
    console.log(`${what}: it says that twice 21 is ${String(await actor.ask(call("run", 21)))}`);
    await system.stop(actor);
    host.uninstall(installed);
  } catch (error) {
    console.log(`${what}: ${((error as InstallRefusedError).cause as { state: string }).state}`);
  }
}
