import { matchesComponent, matchesTopic, type Capabilities, type MessagingCapability } from "@airssys/security";
import type {
  MessagingAction,
  Permission,
  PermissionResult,
} from "../generated/airssys-core-capabilities-capabilities.ts";
import type * as Introspection from "../generated/airssys-core-capabilities-introspection.ts";
import type { HostInterface } from "./host-interface.ts";

const matcher: Record<MessagingAction, (granted: MessagingCapability, subject: string) => boolean> = {
  send: ({ send }, to) => send.some((pattern) => matchesComponent(pattern, to)),
  publish: ({ publish }, topic) => publish.some((pattern) => matchesTopic(pattern, topic)),
  subscribe: ({ subscribe }, topic) => subscribe.some((pattern) => matchesTopic(pattern, topic)),
  "receive-from": ({ receiveFrom }, from) => receiveFrom.some((pattern) => matchesComponent(pattern, from)),
};

/** `airssys:core-capabilities/introspection`: what was granted to the component that asks. Granted to all. */
export const introspection: HostInterface = {
  name: "airssys:core-capabilities/introspection@1.0.0",
  functions: ["granted", "check"],
  refusal: () => undefined,
  prepare: ({ manifest }) => {
    const { messaging, storage } = manifest.capabilities;
    const functions: typeof Introspection = {
      granted: () => ({
        files: [],
        outbound: [],
        inbound: new Uint16Array(),
        storage: [...storage.namespaces],
        messaging: [
          { action: "send", patterns: [...messaging.send] },
          { action: "publish", patterns: [...messaging.publish] },
          { action: "subscribe", patterns: [...messaging.subscribe] },
          { action: "receive-from", patterns: [...messaging.receiveFrom] },
        ],
        programs: [],
        environment: [],
      }),
      check: (permission) => check(permission, manifest.capabilities),
    };
    return functions;
  },
};

function check(permission: Permission, { messaging, storage }: Capabilities): PermissionResult {
  if (permission.tag === "storage") {
    if (storage.namespaces.includes(permission.val)) return { tag: "granted" };
    return { tag: "denied", val: "it is not among the namespaces in [capabilities.storage]" };
  }
  if (permission.tag !== "messaging") return { tag: "denied", val: `Component.toml asks for no ${permission.tag}` };
  const [action, subject] = permission.val;
  if (matcher[action](messaging, subject)) return { tag: "granted" };
  return { tag: "denied", val: `no pattern of ${action} in [capabilities.messaging] covers it` };
}
