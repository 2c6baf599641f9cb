/// <reference types="@airssys/guest/actor" />
// Greets whoever a message names, tells the journal, and keeps count.
import { get } from "airssys:core-host/configuration@1.0.0";
import { log } from "airssys:core-host/logging@1.0.0";
import { send } from "airssys:core-host/messaging@1.0.0";
import type { ComponentMessage, ComponentMetadata } from "airssys:core-component/component-lifecycle@1.0.0";

const rawCodec = 0x55;
let greeted = 0;

/** A text as a payload of raw bytes, in UTF-8. */
function raw(text: string): Uint8Array {
  return Uint8Array.from(`${String.fromCharCode(rawCodec)}${unescape(encodeURIComponent(text))}`, (character) =>
    character.charCodeAt(0),
  );
}

function textOf(payload: Uint8Array): string {
  return decodeURIComponent(escape(String.fromCharCode(...payload.slice(1))));
}

export const componentLifecycle = {
  init() {},

  handleMessage({ payload }: ComponentMessage): Uint8Array {
    const name = textOf(payload);
    if (name === "") throw { tag: "invalid-input", val: "nobody to greet" };
    greeted += 1;

    try {
      send("demo/journal", raw(name));
    } catch (refusal) {
      log("info", `not in the journal: ${(refusal as { payload: { val: string } }).payload.val}`, []);
    }

    return raw(`${get("greeting") ?? "Good day"}, ${name}! You are guest ${greeted}.`);
  },

  execute(): never {
    throw { tag: "unknown-operation", val: "there are no operations" };
  },
  handleCallback() {},
  metadata(): ComponentMetadata {
    const description = "Greets, and counts its guests";
    return { name: "greeter", version: "1.0.0", description, operations: [], codecs: Uint32Array.of(rawCodec) };
  },
  health: () => ({ tag: "healthy" }),
  shutdown() {},
};
