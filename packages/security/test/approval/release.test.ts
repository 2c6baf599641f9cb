import { describe, expect, it } from "vitest";
import {
  canonicalCapabilities,
  compareVersions,
  digestOf,
  generateSigningKey,
  InvalidKeyError,
  InvalidReleaseError,
  isReleaseSignedBy,
  publicKeyOf,
  type Release,
  releaseId,
  signRelease,
} from "../../src/index.ts";
import { connect, file, fromOutside } from "../capability/requests.ts";
import { RELEASE } from "./releases.ts";

const key = generateSigningKey();
const signature = signRelease(RELEASE, key.privateKey);

describe("a signature", () => {
  it("is one for the release that was signed, with the key that signed it", () => {
    expect(isReleaseSignedBy(RELEASE, key.publicKey, signature)).toBe(true);
    expect(publicKeyOf(key.privateKey)).toBe(key.publicKey);
    expect(isReleaseSignedBy(RELEASE, generateSigningKey().publicKey, signature)).toBe(false);
  });

  it.each<readonly [string, Partial<Release>]>([
    ["code", { digest: digestOf(Buffer.from("other code")) }],
    ["version", { version: "1.2.1" }],
    ["name", { component: "shop/order-parser2" }],
    ["namespace", { component: "bank/order-parser" }],
    ["one more capability", { capabilities: [...RELEASE.capabilities, file("/**", "write")] }],
    ["one capability less", { capabilities: RELEASE.capabilities.slice(1) }],
    ["a wider capability", { capabilities: [file("/data/**"), connect("api.example.com:443")] }],
  ])("is none for a release with another %s", (_, change) => {
    expect(isReleaseSignedBy({ ...RELEASE, ...change }, key.publicKey, signature)).toBe(false);
    expect(releaseId({ ...RELEASE, ...change })).not.toBe(releaseId(RELEASE));
  });

  it("does not depend on the order of capabilities, nor on saying one twice", () => {
    const capabilities = [...RELEASE.capabilities, ...RELEASE.capabilities.toReversed()];
    expect(isReleaseSignedBy({ ...RELEASE, capabilities }, key.publicKey, signature)).toBe(true);
    expect(canonicalCapabilities(capabilities)).toEqual(["connect api.example.com:443", "file.read /data/in/**"]);
  });

  it("is as RFC 8032 has it", () => {
    // The secret key of its first test vector.
    const secret = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
    const expected = Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex");
    expect(publicKeyOf(`ed25519-private:${secret.toString("base64url")}`)).toBe(
      `ed25519:${expected.toString("base64url")}`,
    );
  });

  it.each(["", "ed25519-private:", "ed25519:AAAA", `ed25519-private:${"A".repeat(42)}B`])(
    "cannot be made with what is no key: %j",
    (privateKey) => {
      expect(() => signRelease(RELEASE, privateKey)).toThrow(InvalidKeyError);
      expect(() => publicKeyOf(privateKey)).toThrow(InvalidKeyError);
    },
  );

  it.each<Partial<Release>>([
    { component: "order-parser" },
    { component: "shop/../bank" },
    { version: "1.2" },
    { version: "01.2.0" },
    { digest: "sha256:abc" },
    { digest: `md5:${"0".repeat(64)}` },
    { capabilities: [file("relative")] },
    { capabilities: [fromOutside({ kind: "fly" })] },
  ])("is not made for what is no release: %o", (change) => {
    expect(() => signRelease({ ...RELEASE, ...change }, key.privateKey)).toThrow(InvalidReleaseError);
    expect(() => releaseId({ ...RELEASE, ...change })).toThrow(InvalidReleaseError);
  });
});

describe("a version", () => {
  it("is older than those after it", () => {
    const inOrder = [
      "0.0.1",
      "0.9.0",
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
      "1.0.1",
      "1.9.0",
      "1.10.0",
      "2.0.0",
      "10.0.0",
      "99999999999999999999.0.0",
      "100000000000000000000.0.0",
    ];
    for (const [index, one] of inOrder.entries()) {
      for (const [other, two] of inOrder.entries()) {
        expect(Math.sign(compareVersions(one, two)), `${one} and ${two}`).toBe(Math.sign(index - other));
      }
    }
  });

  it("is as old as another build of it", () => {
    expect(compareVersions("1.0.0+a", "1.0.0+b-1")).toBe(0);
    expect(compareVersions("1.0.0-x+a", "1.0.0-x")).toBe(0);
  });
});
