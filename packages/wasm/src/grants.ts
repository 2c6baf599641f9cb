import { coversComponent, coversTopic, type Manifest, type MessagingCapability } from "@airssys/security";
import type { Refusal } from "./errors.ts";

/** What an operator allows a component, in the manifest's own terms. What is left out is not granted. */
export interface Grants {
  readonly messaging?: Partial<MessagingCapability>;
}

/** What the manifest asks for beyond the grants. */
export function beyondGrants({ capabilities }: Manifest, grants: Grants): readonly Refusal[] {
  const asked = capabilities.messaging;
  const granted = grants.messaging ?? {};
  return [
    ...beyond("send", asked.send, granted.send, coversComponent),
    ...beyond("publish", asked.publish, granted.publish, coversTopic),
    ...beyond("subscribe", asked.subscribe, granted.subscribe, coversTopic),
    ...beyond("receive_from", asked.receiveFrom, granted.receiveFrom, coversComponent),
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
    .map((pattern) => ({ subject: `capabilities.messaging.${action}`, reason: `"${pattern}" is not granted` }));
}
