/** What became of a message that was offered to a mailbox. */
export type Offer = typeof ACCEPTED | typeof REFUSED_STOPPED | typeof REFUSED_FULL | typeof DROPPED;

export const ACCEPTED = 0;
export const REFUSED_STOPPED = 1;
export const REFUSED_FULL = 2;
/** The policy is to drop it; it is a dead letter already. */
export const DROPPED = 3;
