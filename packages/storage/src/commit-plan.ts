import type { Check, Commit, Conflict } from "./batch.ts";
import type { Usage } from "./entry.ts";

/** What a backend knows of an entry without reading its value. */
export interface Held {
  readonly version: number;
  readonly valueBytes: number;
}

/** The namespace, or its group, may not hold so much; nothing is to be written. */
export interface OverQuota {
  readonly type: "over-quota";
  readonly usedBytes: number;
  readonly neededBytes: number;
}

export type CommitPlan = Conflict | OverQuota | Change;

export interface Change {
  readonly type: "change";
  /** By key what it will hold, undefined for a key that is to go. Empty when all is so already. */
  readonly values: ReadonlyMap<string, Uint8Array | undefined>;
  /** What the namespace will hold. */
  readonly usage: Usage;
  readonly deleted: number;
  /** What will be held of the quota. */
  readonly usedBytes: number;
}

/** Of the namespace that is written to. */
export interface Holding {
  readonly usage: Usage;
  /** Bytes of the other namespaces of its group. */
  readonly othersBytes: number;
}

/**
 * What comes of a commit in a namespace that holds so much. It is judged by its outcome: of several writes to one key the last
 * counts, and what is in between may be more than the quota. A commit after which the namespace holds no more than before is never
 * over quota, so that a namespace whose quota was lowered can be emptied.
 */
export function planCommit(
  { checks, writes, quotaBytes }: Commit,
  { usage, othersBytes }: Holding,
  heldBy: (key: string) => Held | undefined,
): CommitPlan {
  const found = checks.flatMap(({ key, version }): readonly Check[] => {
    const held = heldBy(key)?.version;
    return held === version ? [] : [{ key, version: held }];
  });
  if (found.length > 0) return { type: "conflict", found };

  const values = new Map<string, Uint8Array | undefined>();
  for (const write of writes) values.set(write.key, write.type === "set" ? write.value : undefined);

  let { keys, bytes } = usage;
  let deleted = 0;
  for (const [key, value] of values) {
    const held = heldBy(key);
    if (held === undefined && value === undefined) {
      values.delete(key);
      continue;
    }
    const keyBytes = Buffer.byteLength(key);
    if (held !== undefined) {
      keys -= 1;
      bytes -= keyBytes + held.valueBytes;
    }
    if (value === undefined) {
      deleted += 1;
    } else {
      keys += 1;
      bytes += keyBytes + value.length;
    }
  }
  const usedBytes = othersBytes + bytes;
  if (usedBytes > quotaBytes && bytes > usage.bytes) {
    return { type: "over-quota", usedBytes: othersBytes + usage.bytes, neededBytes: usedBytes };
  }
  return { type: "change", values, usage: { keys, bytes }, deleted, usedBytes };
}
