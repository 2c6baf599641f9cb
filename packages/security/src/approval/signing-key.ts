import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { InvalidKeyError } from "./approval-errors.ts";
import { PUBLIC_KEY, SIGNATURE } from "./key-text.ts";

const PREFIX = "ed25519:";
const PRIVATE = /^ed25519-private:([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])$/;

export interface SigningKey {
  /** For manifests and for lists of trusted keys. */
  readonly publicKey: string;
  /** To be kept secret. */
  readonly privateKey: string;
}

/** A new Ed25519 key. */
export function generateSigningKey(): SigningKey {
  const { x = "", d = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { publicKey: PREFIX + x, privateKey: `ed25519-private:${d}` };
}

/** The public half of a key. @throws InvalidKeyError */
export function publicKeyOf(privateKey: string): string {
  return PREFIX + (createPublicKey(privateKeyObject(privateKey)).export({ format: "jwk" }).x ?? "");
}

/** The signature in base64url. @throws InvalidKeyError */
export function signBytes(bytes: Uint8Array, privateKey: string): string {
  return sign(null, bytes, privateKeyObject(privateKey)).toString("base64url");
}

/** Whether the signature over these bytes was made with the key. False for what is no signature, or no key that could make one. */
export function isSignedBy(bytes: Uint8Array, publicKey: string, signature: string): boolean {
  if (!PUBLIC_KEY.test(publicKey) || !SIGNATURE.test(signature)) return false;
  const x = publicKey.slice(PREFIX.length);
  if (isSmallOrder(Buffer.from(x, "base64url"))) return false;
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, bytes, key, Buffer.from(signature, "base64url"));
}

/** PKCS #8 around the 32 bytes of the key: a JWK would have to name the public half as well. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

function privateKeyObject(privateKey: string): KeyObject {
  const [, d] = PRIVATE.exec(privateKey) ?? [];
  if (d === undefined) throw new InvalidKeyError("a private key such as ed25519-private:…");
  return createPrivateKey({ key: Buffer.concat([PKCS8, Buffer.from(d, "base64url")]), format: "der", type: "pkcs8" });
}

/** Points under which one signature fits many messages; y in little-endian, without the sign of x. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

function isSmallOrder(point: Buffer): boolean {
  const y = Buffer.from(point);
  y[31] = (y[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(y.toString("hex"));
}
