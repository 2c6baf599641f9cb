import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  ApprovalQueue,
  digestOf,
  generateSigningKey,
  isReleaseSignedBy,
  type Origin,
  type Release,
  SecurityError,
  signRelease,
  TrustPolicy,
} from "../../src/index.ts";
import { RELEASE } from "../approval/releases.ts";
import { connect, file } from "../capability/requests.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const key = generateSigningKey();
const evil = generateSigningKey();
const signature = signRelease(RELEASE, key.privateKey);
const policy = new TrustPolicy({
  trusted: [
    { kind: "key", publicKey: key.publicKey },
    { kind: "git", url: "https://github.com/acme/*" },
    { kind: "local", path: "/srv/components/**" },
  ],
});

async function withApproved(): Promise<ApprovalQueue> {
  const queue = await ApprovalQueue.open(join(await temporaryFolder(), "approvals.json"));
  const { id } = await queue.submit(RELEASE, { requestedBy: "sid", trust: { level: "unknown", reason: "x" } });
  await queue.review(id, "ada");
  await queue.approve(id, { approver: "ada", reason: "read it" });
  return queue;
}

const changes: readonly (readonly [string, Partial<Release>])[] = [
  ["code changed after the fact", { digest: digestOf(Buffer.from("evil")) }],
  ["one capability slipped in", { capabilities: [...RELEASE.capabilities, connect("evil.net:443")] }],
  ["a capability widened", { capabilities: [file("/**"), connect("api.example.com:443")] }],
  ["reading turned into writing", { capabilities: [file("/data/in/**", "write"), connect("api.example.com:443")] }],
  ["a port exchanged", { capabilities: [file("/data/in/**"), connect("api.example.com:22")] }],
  ["the name of another component", { component: "bank/vault" }],
  ["the version of an approved one", { version: "1.2.0+rebuilt" }],
  [
    "other capabilities altogether",
    {
      capabilities: [
        { kind: "environment", variable: "A" },
        { kind: "environment", variable: "B" },
      ],
    },
  ],
];

describe("a replay of an approval", () => {
  it.each(changes)("with %s is refused", async (_, change) => {
    const queue = await withApproved();
    expect(queue.requireApproval(RELEASE).state).toBe("approved");
    expect(() => queue.requireApproval({ ...RELEASE, ...change })).toThrow(SecurityError);
  });
});

describe("a replay of a signature", () => {
  it.each(changes)("with %s is refused", (_, change) => {
    const origin = { publicKey: key.publicKey, signature };
    expect(policy.judge(RELEASE, origin).level).toBe("trusted");
    expect(policy.judge({ ...RELEASE, ...change }, origin).level).toBe("unknown");
  });
});

describe("a forged signature", () => {
  const bits = Buffer.from(signature, "base64url");
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const scalar = Buffer.from([...bits.subarray(32)].toReversed()).toString("hex");
  const larger = Buffer.from((BigInt(`0x${scalar}`) + order).toString(16).padStart(64, "0"), "hex");
  const malleable = Buffer.from([...larger].toReversed());
  const identity = `ed25519:${Buffer.from([1, ...Array<number>(31).fill(0)]).toString("base64url")}`;
  const forIdentity = Buffer.concat([Buffer.from([1, ...Array<number>(31).fill(0)]), Buffer.alloc(32)]).toString(
    "base64url",
  );

  it.each<readonly [string, Origin]>([
    ["by another key", { publicKey: key.publicKey, signature: signRelease(RELEASE, evil.privateKey) }],
    ["with the key of the forger", { publicKey: evil.publicKey, signature: signRelease(RELEASE, evil.privateKey) }],
    [
      "with one bit changed",
      { publicKey: key.publicKey, signature: Buffer.from(bits.with(3, (bits[3] ?? 0) ^ 1)).toString("base64url") },
    ],
    [
      "with the order of the curve added",
      { publicKey: key.publicKey, signature: Buffer.concat([bits.subarray(0, 32), malleable]).toString("base64url") },
    ],
    ["all zeros", { publicKey: key.publicKey, signature: "A".repeat(86) }],
    ["with a key under which anything is signed", { publicKey: identity, signature: forIdentity }],
    ["in another alphabet", { publicKey: key.publicKey, signature: `${signature.slice(0, 85)}=` }],
    ["with a line end", { publicKey: key.publicKey, signature: `${signature}\n` }],
    [
      "with padding bits set",
      { publicKey: key.publicKey, signature: signature.slice(0, 85) + (signature.at(-1) === "A" ? "B" : "z") },
    ],
    ["of no length", { publicKey: key.publicKey, signature: "" }],
    ["without a key", { signature }],
    ["with the private key for the public one", { publicKey: key.privateKey, signature }],
  ])("%s is refused", (_, origin) => {
    expect(policy.judge(RELEASE, origin).level).toBe("unknown");
    expect(
      isReleaseSignedBy(RELEASE, origin.publicKey ?? "", origin.signature ?? "") && origin.publicKey === key.publicKey,
    ).toBe(false);
  });
});

describe("a downgrade", () => {
  it.each([
    ["to an older patch", "1.1.9"],
    ["to an older major version", "0.99.0"],
    ["to a version on the way to the present one", "1.2.0-rc.9"],
    ["to a version that only looks larger", "1.1.99999999999999999999"],
  ])("%s is refused though it is signed by a trusted key", async (_, version) => {
    const queue = await withApproved();
    const older = { ...RELEASE, version };
    const trust = policy.judge(older, { publicKey: key.publicKey, signature: signRelease(older, key.privateKey) });
    expect(trust.level).toBe("trusted");
    await expect(queue.submit(older, { requestedBy: "sid", trust })).rejects.toMatchObject({
      code: "SECURITY_APPROVAL_REFUSED",
    });
    expect(() => queue.requireApproval(older)).toThrow(SecurityError);
  });
});

describe("a source that only looks trusted", () => {
  it.each([
    ["a user name", "https://github.com@evil.net/acme/x"],
    ["a password", "https://git:github.com@evil.net/acme/x"],
    ["a host that begins like it", "https://github.com.evil.net/acme/x"],
    ["a host that ends like it", "https://evilgithub.com/acme/x"],
    ["a path that goes up", "https://github.com/acme/../evil/x"],
    ["an encoded path that goes up", "https://github.com/acme/%2e%2e/evil"],
    ["an encoded slash", "https://github.com/acme%2f..%2fevil/x"],
    ["a query", "https://github.com/acme/x?ref=../../evil"],
    ["a fragment", "https://evil.net/#https://github.com/acme/x"],
    ["a port", "https://github.com:8443/acme/x"],
    ["a backslash", "https://github.com\\@evil.net/acme/x"],
    ["capitals", "https://GITHUB.com/acme/x"],
    ["an insecure protocol", "http://github.com/acme/x"],
    ["a protocol that runs programs", "ext::sh -c evil https://github.com/acme/x"],
    ["an option of Git", "--upload-pack=evil https://github.com/acme/x"],
    ["a line end", "https://github.com/acme/x\n"],
    ["a homograph", "https://g\u0456thub.com/acme/x"],
    ["an empty part", "https://github.com//acme/x"],
  ])("by %s is unknown", (_, git) => {
    expect(policy.judge(RELEASE, { git }).level).toBe("unknown");
  });

  it.each([
    ["a path that goes up", "/srv/components/../evil"],
    ["a name that begins like it", "/srv/components-evil/a.wasm"],
    ["a relative path", "srv/components/a.wasm"],
    ["capitals", "/srv/Components/a.wasm"],
  ])("by %s on this machine is unknown", (_, path) => {
    expect(policy.judge(RELEASE, { path }).level).toBe("unknown");
  });
});
