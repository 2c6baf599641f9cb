const raw = 0x55;

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** ASCII as a payload of raw bytes. */
export const payloadOf = (text: string): Uint8Array => Uint8Array.from([raw, ...bytesOf(text)]);

/** What such a payload says. */
export const saidBy = (payload: Uint8Array): string => textOf(payload.slice(1));

/** All that an actor has to export and these do not need. */
export const rest = {
  init(): void {},
  execute: (operation: Uint8Array): Uint8Array => operation,
  handleCallback(): void {},
  metadata: () => ({ name: "guest", version: "1.0.0", description: "", operations: [], codecs: [raw] }),
  health: () => ({ tag: "healthy" }),
  shutdown(): void {},
};
