import type { Capabilities } from "../manifest.ts";
import type { Capability } from "./capability.ts";

/** All that a manifest asks for, one by one. */
export function capabilitiesOf({
  filesystem,
  network,
  messaging,
  storage,
  process,
  environment,
  custom,
}: Capabilities): readonly Capability[] {
  return [
    ...filesystem.read.map((path): Capability => ({ kind: "file", action: "read", path })),
    ...filesystem.write.map((path): Capability => ({ kind: "file", action: "write", path })),
    ...filesystem.delete.map((path): Capability => ({ kind: "file", action: "delete", path })),
    ...filesystem.list.map((path): Capability => ({ kind: "file", action: "list", path })),
    ...network.outbound.map((target): Capability => ({ kind: "connect", target })),
    ...network.inbound.map((port): Capability => ({ kind: "listen", port })),
    ...messaging.send.map((subject): Capability => ({ kind: "messaging", action: "send", subject })),
    ...messaging.publish.map((subject): Capability => ({ kind: "messaging", action: "publish", subject })),
    ...messaging.subscribe.map((subject): Capability => ({ kind: "messaging", action: "subscribe", subject })),
    ...messaging.receiveFrom.map((subject): Capability => ({ kind: "messaging", action: "receive-from", subject })),
    ...storage.namespaces.map((namespace): Capability => ({ kind: "storage", namespace })),
    ...process.spawn.map((program): Capability => ({ kind: "spawn", program })),
    ...environment.variables.map((variable): Capability => ({ kind: "environment", variable })),
    ...custom.functions.map((name): Capability => ({ kind: "custom", name })),
  ];
}
