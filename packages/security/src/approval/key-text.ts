// In base64url each key and each signature has one way of being written: the last character leaves no bits open.
/** A public key as manifests write it. */
export const PUBLIC_KEY: RegExp = /^ed25519:[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** A signature as manifests write it. */
export const SIGNATURE: RegExp = /^[A-Za-z0-9_-]{85}[AQgw]$/;
