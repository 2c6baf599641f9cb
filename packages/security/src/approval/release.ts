import { createHash } from "node:crypto";
import { type Capability, resourceOf } from "../capability/capability.ts";
import { patternOf } from "../capability/capability-pattern.ts";
import { COMPONENT_NAME } from "../messaging-pattern.ts";
import { InvalidReleaseError } from "./approval-errors.ts";
import { SEMANTIC_VERSION } from "./semantic-version.ts";
import { isSignedBy, signBytes } from "./signing-key.ts";

/** One version of a component: what is signed and what is approved. Whoever changes any of it has another release. */
export interface Release {
  /** Component id, such as `shop/order-parser`. */
  readonly component: string;
  readonly version: string;
  /** Of the code: `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** All that it asks for. */
  readonly capabilities: readonly Capability[];
}

/** The digest of code, as releases name it. */
export function digestOf(code: Uint8Array): string {
  return `sha256:${createHash("sha256").update(code).digest("hex")}`;
}

/**
 * The capabilities in the one form that all ways of listing them have in common: sorted, each once.
 * @throws InvalidReleaseError when one of them could not be granted
 */
export function canonicalCapabilities(capabilities: readonly Capability[]): readonly string[] {
  const lines = capabilities.map((capability) => {
    const pattern = patternOf(capability);
    if (!pattern)
      throw new InvalidReleaseError("capabilities that can be granted", JSON.stringify(capability) ?? "none");
    return `${pattern.right} ${resourceOf(capability)}`;
  });
  return [...new Set(lines)].toSorted();
}

/**
 * The bytes that stand for a release. Two releases have the same bytes only if they are the same.
 * @throws InvalidReleaseError when it is none
 */
export function releaseBytes({ component, version, digest, capabilities }: Release): Uint8Array {
  const names = component.split("/");
  if (names.length !== 2 || !names.every((name) => COMPONENT_NAME.test(name))) {
    throw new InvalidReleaseError("a component id such as shop/order-parser", component);
  }
  if (!SEMANTIC_VERSION.test(version)) throw new InvalidReleaseError("a semantic version", version);
  if (!/^sha256:[\da-f]{64}$/.test(digest)) throw new InvalidReleaseError("a digest such as sha256:…", digest);
  const parts = ["airssys release 1", component, version, digest, ...canonicalCapabilities(capabilities)];
  // JSON, because no part can then run into the next.
  return Buffer.from(JSON.stringify(parts));
}

/** A name for the release that no other has. @throws InvalidReleaseError when it is none */
export function releaseId(release: Release): string {
  return createHash("sha256").update(releaseBytes(release)).digest("hex");
}

/** The signature for the manifest. @throws InvalidReleaseError @throws InvalidKeyError */
export function signRelease(release: Release, privateKey: string): string {
  return signBytes(releaseBytes(release), privateKey);
}

/** Whether the release was signed with the key, and has not changed since. @throws InvalidReleaseError when it is none */
export function isReleaseSignedBy(release: Release, publicKey: string, signature: string): boolean {
  return isSignedBy(releaseBytes(release), publicKey, signature);
}
