import { createHash, randomBytes } from "node:crypto";
import type { FileKind, FileStat } from "../files/guest-files.ts";
import { type Datetime, datetimeOf } from "./clocks.ts";

/** What a guest is told of a file: nothing that says where in the host it is. */
export interface DescriptorStat {
  readonly type: FileKind;
  readonly linkCount: bigint;
  readonly size: bigint;
  readonly dataAccessTimestamp: Datetime | undefined;
  readonly dataModificationTimestamp: Datetime | undefined;
  readonly statusChangeTimestamp: Datetime | undefined;
}

export function descriptorStat({ kind, linkCount, size, accessedAt, modifiedAt, changedAt }: FileStat): DescriptorStat {
  return {
    type: kind,
    linkCount,
    size,
    dataAccessTimestamp: timestamp(accessedAt),
    dataModificationTimestamp: timestamp(modifiedAt),
    statusChangeTimestamp: timestamp(changedAt),
  };
}

function timestamp(at: bigint | undefined): Datetime | undefined {
  return at === undefined ? undefined : datetimeOf(at);
}

export interface MetadataHash {
  readonly lower: bigint;
  readonly upper: bigint;
}

/** So that a hash tells nothing of what it was made from. */
const secret = randomBytes(16);

/** The same while a file is neither changed nor replaced. */
export function hashOf({ identity, size, modifiedAt, changedAt }: FileStat): MetadataHash {
  const hash = createHash("sha256").update(secret).update(`${identity} ${size} ${modifiedAt} ${changedAt}`).digest();
  return { lower: hash.readBigUInt64LE(0), upper: hash.readBigUInt64LE(8) };
}
