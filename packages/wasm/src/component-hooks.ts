import type { ExitReason } from "@airssys/rt";
import type { QuotaLevelChange } from "@airssys/security";
import type { ComponentMessage } from "./component-message.ts";

/** Which component a hook is about. */
export interface HookSubject {
  /** `namespace/name`. */
  readonly address: string;
  readonly version: string;
  /** Of the code that runs: `sha256:` and the digest of its bytes. */
  readonly digest: string;
}

/**
 * What a host does around the life of a component. They run in the component's actor, before its next message, and must not block.
 * `preStart` that throws fails the start; what any other throws is a failure of the component, and its supervisor decides.
 */
export interface ComponentHooks {
  /** Before an instance is made. */
  preStart?(component: HookSubject): void;
  /** After `init`, and after its state was restored; before the first message. */
  postStart?(component: HookSubject): void;
  /** Before `shutdown`. Not after a failure. */
  preStop?(component: HookSubject, reason: ExitReason): void;
  /** When the instance is gone, whatever the reason. */
  postStop?(component: HookSubject, reason: ExitReason): void;
  /** Before each message is handed to the component. */
  onMessage?(component: HookSubject, message: ComponentMessage): void;
  /** When its usage reaches 80 or 95 per cent of a quota, or falls below. */
  onQuota?(component: HookSubject, change: QuotaLevelChange): void;
  /** After a trap, an exceeded limit or a refused start. */
  onError?(component: HookSubject, error: unknown): void;
  /** After `postStart` of an instance that follows one that failed with `reason`. */
  onRestart?(component: HookSubject, reason: ExitReason): void;
}
