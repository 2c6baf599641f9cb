import {
  type CapabilitySet,
  capabilitiesOf,
  rightOf,
  type Capabilities,
  type Capability,
  type FilesystemCapability,
  type MessagingCapability,
} from "@airssys/security";
import type {
  FileAction,
  MessagingAction,
  Permission,
  PermissionResult,
} from "../generated/airssys-core-capabilities-capabilities.ts";
import type * as Introspection from "../generated/airssys-core-capabilities-introspection.ts";
import type { HostInterface } from "./host-interface.ts";

const fileFields: Record<FileAction, keyof FilesystemCapability> = {
  read: "read",
  write: "write",
  delete: "delete",
  list: "list",
};
const messagingFields: Record<MessagingAction, keyof MessagingCapability> = {
  send: "send",
  publish: "publish",
  subscribe: "subscribe",
  "receive-from": "receiveFrom",
};

/** `airssys:core-capabilities/introspection`: what was granted to the component that asks. Granted to all. */
export const introspection: HostInterface = {
  name: "airssys:core-capabilities/introspection@1.0.0",
  functions: ["granted", "check"],
  refusal: () => undefined,
  prepare: ({ manifest: { capabilities }, access: { grants } }) => {
    const listed = capabilitiesOf(capabilities);
    const functions: typeof Introspection = {
      granted: () => permissions(capabilities),
      check: (permission) => check(capabilityOf(permission), grants, listed),
    };
    return functions;
  },
};

function permissions({ filesystem, network, storage, messaging, process, environment }: Capabilities) {
  const files = Object.entries(fileFields) as [FileAction, keyof FilesystemCapability][];
  const actions = Object.entries(messagingFields) as [MessagingAction, keyof MessagingCapability][];
  return {
    // Of files, only what was asked for: most components have to do with none.
    files: files
      .map(([action, field]) => ({ action, paths: [...filesystem[field]] }))
      .filter(({ paths }) => paths.length > 0),
    outbound: [...network.outbound],
    inbound: Uint16Array.from(network.inbound),
    storage: [...storage.namespaces],
    messaging: actions.map(([action, field]) => ({ action, patterns: [...messaging[field]] })),
    programs: [...process.spawn],
    environment: [...environment.variables],
  };
}

function check(requested: Capability, granted: CapabilitySet, listed: readonly Capability[]): PermissionResult {
  const judgement = granted.judge(requested);
  if (judgement.type === "granted") return { tag: "granted" };
  if (judgement.type !== "not-granted") return { tag: "denied", val: judgement.reason };
  const right = rightOf(requested) ?? requested.kind;
  const isAskedFor = listed.some((capability) => rightOf(capability) === right);
  const what = isAskedFor
    ? `nothing that Component.toml asks for of ${right} covers it`
    : `Component.toml asks for no ${right}`;
  return { tag: "denied", val: what };
}

function capabilityOf(permission: Permission): Capability {
  switch (permission.tag) {
    case "file":
      return { kind: "file", action: permission.val[0], path: permission.val[1] };
    case "connect":
      return { kind: "connect", target: permission.val };
    case "listen":
      return { kind: "listen", port: permission.val };
    case "storage":
      return { kind: "storage", namespace: permission.val };
    case "messaging":
      return { kind: "messaging", action: permission.val[0], subject: permission.val[1] };
    case "spawn":
      return { kind: "spawn", program: permission.val };
    case "environment":
      return { kind: "environment", variable: permission.val };
  }
}
