const raw = 0x55;

/** ASCII as a payload of raw bytes. */
export function fromText(text: string): Uint8Array {
  return Uint8Array.from([raw, ...Array.from(text, (character) => character.charCodeAt(0))]);
}

/** What such a payload says. */
export function toText(payload: Uint8Array): string {
  return String.fromCharCode(...payload.slice(1));
}
