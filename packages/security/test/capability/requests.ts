import type { Capability, FileAction, MessagingAction } from "../../src/index.ts";

export function file(path: string, action: FileAction = "read"): Capability {
  return { kind: "file", action, path };
}

export function connect(target: string, address?: string): Capability {
  return address === undefined ? { kind: "connect", target } : { kind: "connect", target, address };
}

export function messaging(action: MessagingAction, subject: string): Capability {
  return { kind: "messaging", action, subject };
}

/** A value as it may come from somebody who keeps to no types: it passes for any of them. */
export function fromOutside(value: unknown): never {
  return value as never;
}
