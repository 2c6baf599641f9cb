/// <reference types="@airssys/guest/actor" />
import { get } from "airssys:core-host/configuration@1.0.0";
import type { ComponentMessage, ComponentMetadata } from "airssys:core-component/component-lifecycle@1.0.0";

const json = [0x80, 0x04];

/** What the component exports: `component-lifecycle` of wit/deps/core-component. Only `handleMessage` does anything here. */
export const componentLifecycle = {
  init() {},
  handleMessage({ payload }: ComponentMessage): Uint8Array {
    const { name } = JSON.parse(String.fromCharCode(...payload.slice(json.length))) as { name: string };
    const reply = JSON.stringify({ greeting: `${get("greeting")}, ${name}!` });
    return Uint8Array.from([...json, ...Array.from(reply, (character) => character.charCodeAt(0))]);
  },
  execute(): never {
    throw { tag: "unknown-operation", val: "this component takes messages" };
  },
  handleCallback() {},
  metadata(): ComponentMetadata {
    return { name: "greeter", version: "1.0.0", description: "Greets", operations: [], codecs: Uint32Array.of(0x0200) };
  },
  health: () => ({ tag: "healthy" }),
  shutdown() {},
};
