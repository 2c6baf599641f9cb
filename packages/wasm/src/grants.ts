import {
  coversComponent,
  coversTopic,
  type Manifest,
  type MessagingCapability,
  type StorageCapability,
} from "@airssys/security";
import type { Refusal } from "./errors.ts";

/** What an operator allows a component, in the manifest's own terms. What is left out is not granted. */
export interface Grants {
  readonly messaging?: Partial<MessagingCapability>;
  readonly storage?: Partial<StorageCapability>;
}

/** What the manifest asks for beyond the grants. */
export function beyondGrants({ capabilities }: Manifest, grants: Grants): readonly Refusal[] {
  const { messaging: asked, storage } = capabilities;
  const { messaging: granted = {}, storage: store = {} } = grants;
  return [
    ...beyond("messaging.send", asked.send, granted.send, coversComponent),
    ...beyond("messaging.publish", asked.publish, granted.publish, coversTopic),
    ...beyond("messaging.subscribe", asked.subscribe, granted.subscribe, coversTopic),
    ...beyond("messaging.receive_from", asked.receiveFrom, granted.receiveFrom, coversComponent),
    ...beyond("storage.namespaces", storage.namespaces, store.namespaces, Object.is),
  ];
}

function beyond(
  action: string,
  asked: readonly string[],
  granted: readonly string[] = [],
  covers: (granted: string, asked: string) => boolean,
): readonly Refusal[] {
  return asked
    .filter((pattern) => !granted.some((grant) => covers(grant, pattern)))
    .map((pattern) => ({ subject: `capabilities.${action}`, reason: `"${pattern}" is not granted` }));
}
