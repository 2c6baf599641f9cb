/// <reference types="@airssys/guest/actor" />
// Remembers the last three lines of every room, and tells them to whom asks for a room by its name.
import { subscribe } from "airssys:core-host/messaging@1.0.0";
import type { ComponentMessage, ComponentMetadata } from "airssys:core-component/component-lifecycle@1.0.0";

const raw = 0x55;
const rooms = new Map<string, readonly Uint8Array[]>();

export const componentLifecycle = {
  init(): void {
    subscribe("chat.*.heard");
  },

  handleMessage({ payload, topic }: ComponentMessage): Uint8Array | null {
    const body = payload.slice(1);
    if (!topic) return reply(rooms.get(String.fromCharCode(...body)) ?? []);
    const room = topic.split(".")[1] ?? "";
    rooms.set(room, [...(rooms.get(room) ?? []), body].slice(-3));
    return null;
  },

  execute(): never {
    throw { tag: "unknown-operation", val: "this component takes messages" };
  },
  handleCallback(): void {},
  metadata(): ComponentMetadata {
    return {
      name: "historian",
      version: "1.0.0",
      description: "Remembers",
      operations: [],
      codecs: Uint32Array.of(raw),
    };
  },
  health: () => ({ tag: "healthy" }),
  shutdown(): void {},
};

/** The lines, one below the other. */
function reply(lines: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from([raw, ...lines.flatMap((line) => [...line, 0x0a]).slice(0, -1)]);
}
